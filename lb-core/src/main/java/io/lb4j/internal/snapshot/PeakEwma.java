package io.lb4j.internal.snapshot;

import java.time.Duration;

/**
 * The arithmetic of Finagle's Peak EWMA: a moving average of response times that rises at once to any longer one and comes down
 * exponentially with time, weighing by the time between observations because they come at uneven intervals.
 *
 * <p>An average is one {@code long}, so that an endpoint can change it by a single compare-and-set: the value in nanoseconds as a
 * {@code float} in the upper half, the time of the last change in ticks of 1.05 ms in the lower. A tick is long enough for a
 * {@code float} to hold what decays within it, and the answers that come within one tick and do not exceed the average change
 * nothing at all, so that an endpoint under load is seldom written to. Ticks wrap after 52 days; an endpoint that was idle for more than
 * half of that has an average that is too old for the time of one observation, which is harmless. Immutable.
 */
final class PeakEwma {
    /** The average before the first observation. */
    static final long NONE = 0;

    private static final int TICK_SHIFT = 20;
    /** A failure counts as an answer that took this many times the average, or its own time if that is longer. */
    private static final double FAILURE_FACTOR = 3;
    /** What a failure counts at least, so that an endpoint that fails at once is not the fastest of all. */
    private static final double FAILURE_FLOOR_NANOS = 10e6;
    /** Where growing by the factor ends. */
    private static final double FAILURE_CEILING_NANOS = 10e9;

    private final double decayTicks;

    /** @param decay the time in which the weight of an observation falls to 1/e, above 0 */
    PeakEwma(Duration decay) {
        decayTicks = (double) decay.toNanos() / (1L << TICK_SHIFT);
    }

    /** Returns the average in nanoseconds as it stands at a moment, with nothing observed since its last change. */
    double valueAt(long average, long nowNanos) {
        return average == NONE ? 0 : value(average) * decay(elapsedTicks(average, nowNanos));
    }

    /** Returns the average after an answer that took this long. */
    long observe(long average, long nanos, long nowNanos) {
        double value = value(average);
        if (nanos >= value) {
            return pack((double) nanos, nowNanos);
        }
        int elapsed = elapsedTicks(average, nowNanos);
        if (elapsed == 0) {
            return average;
        }
        double weight = decay(elapsed);
        return pack(value * weight + nanos * (1 - weight), nowNanos);
    }

    /** Returns the average after an answer that was given up after this long: it would have taken longer, so the average never falls. */
    long observeAtLeast(long average, long nanos, long nowNanos) {
        return raise(average, (double) nanos, nowNanos);
    }

    /** Returns the average after a failure that took this long. */
    long observeFailure(long average, long nanos, long nowNanos) {
        double grown = Math.min(FAILURE_CEILING_NANOS, FAILURE_FACTOR * valueAt(average, nowNanos));
        return raise(average, Math.max((double) nanos, Math.max(grown, FAILURE_FLOOR_NANOS)), nowNanos);
    }

    private long raise(long average, double nanos, long nowNanos) {
        return nanos > valueAt(average, nowNanos) ? pack(nanos, nowNanos) : average;
    }

    private double decay(int elapsedTicks) {
        double x = elapsedTicks / decayTicks;
        // Under load it is seldom long since the last answer, and then the first terms of the series are exact to
        // 10^-8.
        return x < 0.02 ? 1 - x * (1 - x * (0.5 - x / 6)) : Math.exp(-x);
    }

    private static double value(long average) {
        return Float.intBitsToFloat((int) (average >>> 32));
    }

    /** Returns 0 for a change that another loop has made in what is this one's future. */
    private static int elapsedTicks(long average, long nowNanos) {
        return Math.max((int) (nowNanos >> TICK_SHIFT) - (int) average, 0);
    }

    private static long pack(double nanos, long nowNanos) {
        long upper = (long) Float.floatToRawIntBits((float) nanos) << 32;
        return upper | ((nowNanos >> TICK_SHIFT) & 0xffff_ffffL);
    }
}
