package io.lb4j.stats;

import java.time.Duration;

/**
 * How long exchanges took. Percentiles are upper bounds, at most 3.2 % above the true value. Immutable.
 *
 * @param count how many were measured
 * @param mean the mean; zero while there is none
 * @param p50 half of them took at most this long
 * @param p90 nine in ten took at most this long
 * @param p99 all but one in a hundred took at most this long
 * @param p999 all but one in a thousand took at most this long
 * @param max the longest
 */
public record LatencyStatistics(
        long count, Duration mean, Duration p50, Duration p90, Duration p99, Duration p999, Duration max) {
    /** Nothing has been measured. */
    public static final LatencyStatistics NONE = new LatencyStatistics(
            0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
}
