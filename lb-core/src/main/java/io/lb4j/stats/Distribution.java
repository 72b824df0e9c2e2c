package io.lb4j.stats;

import java.time.Duration;
import java.util.Arrays;

/**
 * How many durations were how long: parts that each hold those up to a bound, at most 3.2 % wide. What is kept of the past can be taken off again
 * ({@link #since}), which percentiles cannot. Immutable.
 */
public final class Distribution {
    /** Nothing has been measured. */
    public static final Distribution NONE = new Distribution(new long[0], new long[0], 0);

    private final long[] boundsNanos;
    private final long[] counts;
    private final long sumNanos;

    private Distribution(long[] boundsNanos, long[] counts, long sumNanos) {
        this.boundsNanos = boundsNanos;
        this.counts = counts;
        this.sumNanos = sumNanos;
    }

    /**
     * Creates a distribution.
     *
     * @param boundsNanos the longest duration of each part, in ascending order
     * @param counts how many durations are in each part
     * @param sumNanos of all durations
     * @throws IllegalArgumentException if there is not one count for each bound, or bounds do not ascend
     */
    public static Distribution of(long[] boundsNanos, long[] counts, long sumNanos) {
        if (boundsNanos.length != counts.length) {
            throw new IllegalArgumentException("counts: " + counts.length + " (expected: " + boundsNanos.length + ")");
        }
        for (int i = 1; i < boundsNanos.length; i++) {
            if (boundsNanos[i] <= boundsNanos[i - 1]) {
                throw new IllegalArgumentException(
                        "bound: " + boundsNanos[i] + " (expected: > " + boundsNanos[i - 1] + ")");
            }
        }
        return new Distribution(boundsNanos.clone(), counts.clone(), sumNanos);
    }

    /** Returns how many durations there are. */
    public long count() {
        return Arrays.stream(counts).sum();
    }

    /** Returns their mean; zero while there is none. */
    public Duration mean() {
        long count = count();
        return count == 0 ? Duration.ZERO : Duration.ofNanos(sumNanos / count);
    }

    /**
     * Returns how long a share of them took at most.
     *
     * @param share from 0 to 1: 0.5 for the median
     * @return an upper bound, at most 3.2 % above the true value; zero while there is none
     */
    public Duration percentile(double share) {
        long rank = Math.max(1, (long) Math.ceil(count() * share));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Duration.ofNanos(boundsNanos[i]);
            }
        }
        return Duration.ZERO;
    }

    /**
     * Returns what has come since.
     *
     * @param earlier of the same balancer, listener, route, cluster or endpoint; where it cannot be, for it holds what this does not, nothing is taken off: who
     *     counts has begun anew
     */
    public Distribution since(Distribution earlier) {
        long[] bounds = new long[counts.length];
        long[] rest = new long[counts.length];
        int kept = 0;
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            boolean isShared = at < earlier.counts.length && earlier.boundsNanos[at] == boundsNanos[i];
            long more = counts[i] - (isShared ? earlier.counts[at++] : 0);
            if (more < 0) {
                return this;
            }
            if (more > 0) {
                bounds[kept] = boundsNanos[i];
                rest[kept++] = more;
            }
        }
        if (at < earlier.counts.length) {
            return this;
        }
        long more = Math.max(0, sumNanos - earlier.sumNanos);
        return new Distribution(Arrays.copyOf(bounds, kept), Arrays.copyOf(rest, kept), more);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Distribution that
                && sumNanos == that.sumNanos
                && Arrays.equals(boundsNanos, that.boundsNanos)
                && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(boundsNanos) + Arrays.hashCode(counts)) + Long.hashCode(sumNanos);
    }

    @Override
    public String toString() {
        return count() + " durations, mean " + mean();
    }
}
