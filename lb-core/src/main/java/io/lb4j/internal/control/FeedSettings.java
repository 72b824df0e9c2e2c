package io.lb4j.internal.control;

import io.lb4j.model.DiscoveryPolicy;
import java.time.Duration;

/**
 * What is made of a discovery's statements. Immutable.
 *
 * @param pace how soon a change takes effect
 * @param doubt how long a suspicious statement is held back
 */
record FeedSettings(Pace pace, Doubt doubt) {
    static FeedSettings of(DiscoveryPolicy policy) {
        return new FeedSettings(
                new Pace(policy.debounce(), policy.debounceMax()),
                new Doubt(policy.emptyGrace(), policy.panicShare(), policy.panicHold()));
    }

    /**
     * How soon a change takes effect. The first state does at once.
     *
     * @param quiet after the last of several statements
     * @param maxWait after the first of them, however many follow
     */
    record Pace(Duration quiet, Duration maxWait) {}

    /**
     * How long a suspicious statement is held back.
     *
     * @param emptyGrace how long an empty list must stand before it is believed
     * @param panicShare the share of endpoints whose loss at one stroke is suspicious, from 0 to 1; 1 suspects nothing
     * @param panicHold how long such a loss must stand before it is believed; endpoints that come are let in at once
     */
    record Doubt(Duration emptyGrace, double panicShare, Duration panicHold) {}
}
