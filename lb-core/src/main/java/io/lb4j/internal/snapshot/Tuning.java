package io.lb4j.internal.snapshot;

import java.time.Duration;

/**
 * How the endpoints of one cluster are measured. Immutable.
 *
 * @param latencyDecay the time in which the weight of an observed response time falls to 1/e, above 0; 10 s by default
 * @param slowStart how endpoints that arrive or recover are given their share; the whole of it at once by default
 */
public record Tuning(Duration latencyDecay, SlowStart slowStart) {
    /** What holds unless configured otherwise. */
    public static final Tuning DEFAULT = new Tuning(Duration.ofSeconds(10), SlowStart.NONE);

    /**
     * Checks what it is given.
     *
     * @throws IllegalArgumentException if the decay is not positive
     */
    public Tuning {
        if (latencyDecay.isNegative() || latencyDecay.isZero()) {
            throw new IllegalArgumentException("latencyDecay: " + latencyDecay + " (expected: > 0)");
        }
    }
}
