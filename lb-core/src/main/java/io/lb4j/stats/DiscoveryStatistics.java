package io.lb4j.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One source of a cluster's endpoints: a provider of its discovery, or DNS for one name. Immutable.
 *
 * @param source its name; {@code dns host:port} for a name
 * @param state how it is
 * @param endpoints how many it has in force
 * @param skipped how many entries of its last statement were not taken, because of where they lead or because they cannot be understood
 * @param lastSuccess when it last spoke
 * @param age for how long it has not spoken, since it was begun to be watched if it never has
 * @param errors how often it could not be asked
 * @param version how often what is in force has changed
 * @param lastError why it could not be asked the last time
 */
public record DiscoveryStatistics(
        String source,
        State state,
        int endpoints,
        int skipped,
        Optional<Instant> lastSuccess,
        Duration age,
        long errors,
        long version,
        Optional<String> lastError) {
    /** How a source is. */
    public enum State {
        /** It has not spoken yet, and nothing is remembered of it. */
        STARTING,
        /** What it says is in force. */
        FRESH,
        /** It could not be asked the last time, or only what is remembered of it is known: that stays in force. */
        STALE,
        /** It says that most of its endpoints, or all, are gone, and is not believed yet. */
        HELD
    }
}
