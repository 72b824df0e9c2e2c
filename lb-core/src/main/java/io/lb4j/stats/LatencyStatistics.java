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
 * @param distribution what all of these were made of
 */
public record LatencyStatistics(
        long count,
        Duration mean,
        Duration p50,
        Duration p90,
        Duration p99,
        Duration p999,
        Duration max,
        Distribution distribution) {
    /** Nothing has been measured. */
    public static final LatencyStatistics NONE = of(Distribution.NONE, Duration.ZERO);

    /**
     * Makes the figures of a distribution.
     *
     * @param max the longest duration, which no percentile is beyond
     */
    public static LatencyStatistics of(Distribution distribution, Duration max) {
        return new LatencyStatistics(
                distribution.count(),
                distribution.mean(),
                bounded(distribution.percentile(0.5), max),
                bounded(distribution.percentile(0.9), max),
                bounded(distribution.percentile(0.99), max),
                bounded(distribution.percentile(0.999), max),
                max,
                distribution);
    }

    private static Duration bounded(Duration percentile, Duration max) {
        return percentile.compareTo(max) > 0 ? max : percentile;
    }

    /**
     * Returns what was measured since, so that figures of the last minute, say, can be made of two that count from the start.
     *
     * @param earlier figures of the same listener, route, cluster or endpoint, taken before these
     * @return where {@link #max()} is an upper bound too: the longest duration of a time is not known
     */
    public LatencyStatistics since(LatencyStatistics earlier) {
        Distribution more = distribution.since(earlier.distribution);
        return of(more, bounded(more.percentile(1), max));
    }
}
