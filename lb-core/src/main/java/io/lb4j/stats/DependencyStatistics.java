package io.lb4j.stats;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that a plugin depends on, as the plugin says. Immutable.
 *
 * @param trouble what is wrong with it, for people to read; empty while it is well
 * @param since when it became so
 */
public record DependencyStatistics(Optional<String> trouble, Instant since) {
    /** Returns whether nothing is wrong with it. */
    public boolean isWell() {
        return trouble.isEmpty();
    }
}
