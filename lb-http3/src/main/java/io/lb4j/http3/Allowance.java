package io.lb4j.http3;

import java.util.concurrent.TimeUnit;

/** How often something may happen: so many times in one go, and some more with each second. Confined to an event loop. */
final class Allowance {
    private final int burst;
    private final int perSecond;
    private int left;
    private long filledNanos;

    Allowance(int burst, int perSecond, long nowNanos) {
        this.burst = burst;
        this.perSecond = perSecond;
        left = burst;
        filledNanos = nowNanos;
    }

    /** Takes one; returns whether there was one. */
    boolean take(long nowNanos) {
        if (left == 0) {
            refill(nowNanos);
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    /** Gives one back. */
    void give() {
        left = Math.min(burst, left + 1);
    }

    private void refill(long nowNanos) {
        long elapsed = Math.min(nowNanos - filledNanos, TimeUnit.HOURS.toNanos(1));
        long due = (long) ((double) elapsed
                * perSecond
                / TimeUnit.SECONDS.toNanos(1)); // more than a long holds, before it is divided
        if (due > 0) {
            filledNanos = nowNanos;
            left = (int) Math.min(due, burst);
        }
    }
}
