package io.lb4j.stats;

import java.time.Instant;
import java.util.Optional;

/**
 * What became of configurations. Immutable.
 *
 * @param applied how many have been put in force, the first included
 * @param refused how many were refused, or could not be had from their source
 * @param lastApplied when the last one was put in force
 * @param lastRefusal why the last one was refused, if that was after another was put in force
 */
public record ConfigurationStatistics(long applied, long refused, Instant lastApplied, Optional<String> lastRefusal) {}
