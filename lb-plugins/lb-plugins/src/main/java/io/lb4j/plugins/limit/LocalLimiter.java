package io.lb4j.plugins.limit;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts in this process, by a bounded number of keys. When there are too many, one of a few is forgotten that would have been soon. Thread-safe,
 * without locks on the way of a request.
 */
public final class LocalLimiter implements Limiter {
    private static final int LOOKED_AT = 16;

    private final ConcurrentHashMap<String, Meter> meters = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final LongFunction<Meter> maker;
    private final int maxKeys;
    private final LongSupplier clock;
    private @Nullable Iterator<Map.Entry<String, Meter>> hand; // guarded by this, as all that makes room

    /**
     * Creates a limiter.
     *
     * @param maker makes the meter of a key, given the time
     */
    LocalLimiter(LongFunction<Meter> maker, int maxKeys, LongSupplier clock) {
        this.maker = maker;
        this.maxKeys = maxKeys;
        this.clock = clock;
    }

    /**
     * Creates a limiter.
     *
     * @param slides whether by a window that slides, rather than by a bucket of tokens
     */
    public static LocalLimiter of(Quota quota, boolean slides, int maxKeys) {
        LongFunction<Meter> maker = slides ? now -> new SlidingWindow(quota) : now -> new TokenBucket(quota, now);
        return new LocalLimiter(maker, maxKeys, System::nanoTime);
    }

    @Override
    public void take(String key, Consumer<? super Decision> then) {
        then.accept(take(key));
    }

    /** Counts a request, if there is room for it. */
    public Decision take(String key) {
        long now = clock.getAsLong();
        Meter meter = meters.get(key);
        return (meter == null ? enter(key, now) : meter).take(now);
    }

    private Meter enter(String key, long nowNanos) {
        if (size.get() >= maxKeys) {
            makeRoom(nowNanos);
        }
        Meter made = maker.apply(nowNanos);
        Meter known = meters.putIfAbsent(key, made);
        if (known == null) {
            size.incrementAndGet();
            return made;
        }
        return known;
    }

    /** Forgets what may be forgotten among the next few keys, or else the one that may be soonest. */
    private synchronized void makeRoom(long now) {
        String soonest = null;
        long soonestNanos = Long.MAX_VALUE;
        for (int i = 0; i < LOOKED_AT; i++) {
            if (hand == null || !hand.hasNext()) {
                hand = meters.entrySet().iterator();
                if (!hand.hasNext()) {
                    return;
                }
            }
            Map.Entry<String, Meter> entry = hand.next();
            long used = entry.getValue().usedForNanos(now);
            if (used <= 0) {
                forget(entry.getKey());
                soonestNanos = Long.MIN_VALUE;
            } else if (used < soonestNanos) {
                soonest = entry.getKey();
                soonestNanos = used;
            }
        }
        if (soonest != null && soonestNanos > 0) {
            forget(soonest);
        }
    }

    private void forget(String key) {
        if (meters.remove(key) != null) {
            size.decrementAndGet();
        }
    }

    @Override
    public long keys() {
        return size.get();
    }
}
