package io.lb4j.plugins.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket of tokens that fills evenly, as the generic cell rate algorithm keeps it (ITU-T I.371, annex A): by the time at which it will be full.
 * Thread-safe.
 */
final class TokenBucket implements Meter {
    private final long intervalNanos;
    private final long capacityNanos;
    private final AtomicLong fullNanos;

    TokenBucket(Quota quota, long nowNanos) {
        intervalNanos = Math.max(1, quota.window().toNanos() / quota.requests());
        capacityNanos = intervalNanos * quota.burst();
        fullNanos = new AtomicLong(nowNanos);
    }

    @Override
    public Limiter.Decision take(long nowNanos) {
        while (true) {
            long known = fullNanos.get();
            long missing = Math.max(0, known - nowNanos);
            long next = missing + intervalNanos;
            if (next > capacityNanos) {
                return new Limiter.Decision(false, 0, missing, next - capacityNanos);
            }
            if (fullNanos.compareAndSet(known, nowNanos + next)) {
                return new Limiter.Decision(true, (capacityNanos - next) / intervalNanos, next, 0);
            }
        }
    }

    @Override
    public long usedForNanos(long nowNanos) {
        return fullNanos.get() - nowNanos;
    }
}
