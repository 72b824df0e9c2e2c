package io.lb4j.internal.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What is made of a discovery's statements. Immutable.
 *
 * @param pace how soon a change takes effect
 * @param doubt how long a suspicious statement is held back
 * @param file where the last state is kept for a start without the source
 */
public record FeedSettings(Pace pace, Doubt doubt, Optional<Path> file) {
    /** A tenth of a second of quiet, a second at most; half a minute of doubt; no file. */
    public static FeedSettings defaults() {
        return new FeedSettings(
                new Pace(Duration.ofMillis(100), Duration.ofSeconds(1)),
                new Doubt(Duration.ofSeconds(30), 0.5, Duration.ofSeconds(60)),
                Optional.empty());
    }

    /**
     * How soon a change takes effect. The first state does at once.
     *
     * @param quiet after the last of several statements
     * @param maxWait after the first of them, however many follow
     */
    public record Pace(Duration quiet, Duration maxWait) {}

    /**
     * How long a suspicious statement is held back.
     *
     * @param emptyGrace how long an empty list must stand before it is believed
     * @param panicShare the share of endpoints whose loss at one stroke is suspicious, from 0 to 1; 1 suspects nothing
     * @param panicHold how long such a loss must stand before it is believed; endpoints that come are let in at once
     */
    public record Doubt(Duration emptyGrace, double panicShare, Duration panicHold) {
        /**
         * Checks the share.
         *
         * @throws IllegalArgumentException if it is not within 0 and 1
         */
        public Doubt {
            if (!(panicShare >= 0 && panicShare <= 1)) {
                throw new IllegalArgumentException("panicShare: " + panicShare + " (expected: 0..1)");
            }
        }
    }
}
