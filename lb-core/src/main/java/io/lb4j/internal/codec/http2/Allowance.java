package io.lb4j.internal.codec.http2;

import java.util.concurrent.TimeUnit;

/**
 * How often something may still happen: a token bucket that looks at the clock only when it has run dry. Confined to an event
 * loop.
 */
final class Allowance {
    private final int burst;
    private final int perSecond;
    private int left;
    private long filledNanos;

    Allowance(int burst, int perSecond) {
        this.burst = burst;
        this.perSecond = perSecond;
        left = burst;
        filledNanos = System.nanoTime();
    }

    /** Takes one; returns whether there was one. */
    boolean take() {
        if (left == 0) {
            refill();
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    /** Gives some back. */
    void give(int count) {
        left = Math.min(burst, left + count);
    }

    private void refill() {
        long elapsed = Math.min(System.nanoTime() - filledNanos, TimeUnit.HOURS.toNanos(1));
        long due = elapsed * perSecond / TimeUnit.SECONDS.toNanos(1);
        if (due > 0) {
            filledNanos += elapsed;
            give((int) Math.min(due, burst));
        }
    }
}
