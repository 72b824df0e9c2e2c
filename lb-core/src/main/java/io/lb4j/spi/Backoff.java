package io.lb4j.spi;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before something that failed is tried again: twice as long each time, up to a maximum, less a random part of up to a
 * half, so that those who failed together do not come back together. Confined to one thread.
 */
public final class Backoff {
    private static final int MAX_DOUBLINGS = 30;

    private final Duration base;
    private final Duration max;
    private final DoubleSupplier random;
    private int failures;

    /**
     * Creates a back-off.
     *
     * @param base the first wait, before chance shortens it; above 0
     * @param max the longest wait, at least the base
     * @throws IllegalArgumentException if the base is not positive, or the maximum below it
     */
    public Backoff(Duration base, Duration max) {
        this(base, max, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param random from 0 to 1 */
    Backoff(Duration base, Duration max, DoubleSupplier random) {
        if (base.isNegative() || base.isZero() || max.compareTo(base) < 0) {
            throw new IllegalArgumentException("back-off: " + base + " to " + max + " (expected: above 0, ascending)");
        }
        this.base = base;
        this.max = max;
        this.random = random;
    }

    /** Returns how long to wait after one more failure. */
    public Duration next() {
        int doublings = Math.min(failures++, MAX_DOUBLINGS);
        Duration grown = base.compareTo(max.dividedBy(1L << doublings)) > 0 ? max : base.multipliedBy(1L << doublings);
        return grown.minusNanos((long) (grown.toNanos() * 0.5 * random.getAsDouble()));
    }

    /** Begins anew, after a success. */
    public void reset() {
        failures = 0;
    }

    /** Returns how many failures there have been since the last success. */
    public int failures() {
        return failures;
    }
}
