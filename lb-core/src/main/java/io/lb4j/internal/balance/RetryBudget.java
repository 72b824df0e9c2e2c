package io.lb4j.internal.balance;

import io.lb4j.internal.snapshot.RetryAllowance;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Keeps retries from becoming a storm: over a sliding window, retries may be a share of the requests, and some more so that little
 * traffic can be retried too. The idea is Finagle's {@code RetryBudget}.
 *
 * <p>Thread-safe and lock-free; allocates nothing. The window is a ring of slices, each one {@code long}: the number of its slice of
 * time in the upper half, its balance in thousandths of a retry in the lower. A slice whose time is past the window counts as 0.
 * When threads ask for the last retry at the same moment it may be refused to all of them, but is never granted twice.
 */
public final class RetryBudget implements RetryAllowance {
    private static final int SLICES = 10;
    private static final int UNIT = 1000;

    private final LongSupplier clock;
    private final long sliceNanos;
    private final int deposit;
    private final long reserve;
    private final AtomicLongArray slices = new AtomicLongArray(SLICES);

    /**
     * How much may be retried. Immutable.
     *
     * @param share retries per request, 0 to 1000; 0.2 by default
     * @param minimumPerSecond retries that are allowed whatever the traffic, 0 to 100,000; 10 by default
     * @param window the time over which both are reckoned, 1 s to 60 s; 10 s by default
     */
    public record Allowance(double share, int minimumPerSecond, Duration window) {
        /** What holds unless configured otherwise. */
        public static final Allowance DEFAULT = new Allowance(0.2, 10, Duration.ofSeconds(10));

        /**
         * Checks what it is given.
         *
         * @throws IllegalArgumentException if a figure is out of range
         */
        public Allowance {
            if (!(share >= 0) || share > 1000) {
                throw new IllegalArgumentException("share: " + share + " (expected: 0..1000)");
            }
            if (minimumPerSecond < 0 || minimumPerSecond > 100_000) {
                throw new IllegalArgumentException("minimumPerSecond: " + minimumPerSecond + " (expected: 0..100000)");
            }
            if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(Duration.ofSeconds(60)) > 0) {
                throw new IllegalArgumentException("window: " + window + " (expected: PT1S..PT1M)");
            }
        }
    }

    /**
     * Creates a budget.
     *
     * @param clock the present in nanoseconds, {@link System#nanoTime()} in earnest
     */
    public RetryBudget(Allowance allowance, LongSupplier clock) {
        this.clock = clock;
        sliceNanos = allowance.window().toNanos() / SLICES;
        deposit = (int) Math.round(allowance.share() * UNIT);
        reserve = Math.round(
                allowance.minimumPerSecond() * UNIT * (allowance.window().toNanos() / 1e9));
    }

    @Override
    public void onRequest() {
        if (deposit > 0) {
            add(sliceNow(), deposit);
        }
    }

    @Override
    public boolean tryRetry() {
        int slice = sliceNow();
        add(slice, -UNIT);
        if (balanceAt(slice) >= 0) {
            return true;
        }
        add(slice, UNIT);
        return false;
    }

    /** Returns how many retries are left at present. */
    public long balance() {
        return Math.max(0, balanceAt(sliceNow())) / UNIT;
    }

    private int sliceNow() {
        return (int) (clock.getAsLong() / sliceNanos);
    }

    private long balanceAt(int slice) {
        long sum = reserve;
        for (int i = 0; i < SLICES; i++) {
            long held = slices.get(i);
            int age = slice - (int) (held >>> 32);
            if (age >= 0 && age < SLICES) {
                sum += (int) held;
            }
        }
        return sum;
    }

    private void add(int slice, int amount) {
        int index = Math.floorMod(slice, SLICES);
        while (true) {
            long held = slices.get(index);
            boolean current = (int) (held >>> 32) == slice;
            long balance = current ? (int) held : 0;
            // Held to what fits: more than two million retries in a slice are no different from as many.
            long sum = Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, balance + amount));
            if (slices.compareAndSet(index, held, ((long) slice << 32) | (sum & 0xffff_ffffL))) {
                return;
            }
        }
    }
}
