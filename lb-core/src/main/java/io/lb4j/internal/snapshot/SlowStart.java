package io.lb4j.internal.snapshot;

import java.time.Duration;

/**
 * How an endpoint that has just arrived, or recovered, is given its share of traffic little by little. The formula is Envoy's:
 * {@code weight × max(minimumShare, (age / window)^(1 / aggression))}. Immutable.
 *
 * @param window how long it takes to reach the whole weight; zero for the whole weight at once
 * @param aggression how fast the share grows: 1 for a straight line, more for a faster start; above 0
 * @param minimumShare the share to begin with, above 0 to 1
 */
public record SlowStart(Duration window, double aggression, double minimumShare) {
    /** The whole weight at once: the default. */
    public static final SlowStart NONE = over(Duration.ZERO);

    /**
     * Checks what it is given.
     *
     * @throws IllegalArgumentException if a figure is out of range
     */
    public SlowStart {
        if (window.isNegative()) {
            throw new IllegalArgumentException("window: " + window + " (expected: >= 0)");
        }
        if (!(aggression > 0) || Double.isInfinite(aggression)) {
            throw new IllegalArgumentException("aggression: " + aggression + " (expected: > 0)");
        }
        if (!(minimumShare > 0) || minimumShare > 1) {
            throw new IllegalArgumentException("minimumShare: " + minimumShare + " (expected: > 0, <= 1)");
        }
    }

    /**
     * Returns a slow start in a straight line from a tenth.
     *
     * @throws IllegalArgumentException if the window is negative
     */
    public static SlowStart over(Duration window) {
        return new SlowStart(window, 1, 0.1);
    }

    /** Returns whether an endpoint of this age has not reached its whole weight. */
    boolean isWarming(long ageNanos) {
        return ageNanos < window.toNanos();
    }

    /** Returns the share of its weight that an endpoint of this age is given. */
    double share(long ageNanos) {
        if (!isWarming(ageNanos)) {
            return 1;
        }
        // Envoy's TimeFactor takes at least a second for the age; the minimum share does that here, and suits short
        // windows too.
        double timeFactor = (double) Math.max(ageNanos, 0) / window.toNanos();
        return Math.max(minimumShare, aggression == 1 ? timeFactor : Math.pow(timeFactor, 1 / aggression));
    }
}
