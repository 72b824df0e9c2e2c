package io.lb4j.plugins.cache;

import java.util.concurrent.TimeUnit;

/**
 * How old a response is and how old it may become (RFC 9111 §4.2). Immutable.
 *
 * @param lifetimeNanos how long it is fresh
 * @param initialAgeNanos how old it was when it came
 * @param sinceNanos when it came, by {@link CacheTime#nanos()}
 */
record Freshness(long lifetimeNanos, long initialAgeNanos, long sinceNanos) {
    static Freshness of(long lifetimeSeconds, long initialAgeSeconds, long sinceNanos) {
        return new Freshness(
                TimeUnit.SECONDS.toNanos(lifetimeSeconds), TimeUnit.SECONDS.toNanos(initialAgeSeconds), sinceNanos);
    }

    long ageNanos(long nowNanos) {
        return initialAgeNanos + Math.max(0, nowNanos - sinceNanos);
    }

    /** Returns what is left of its lifetime; negative once it is stale. */
    long leftNanos(long nowNanos) {
        return lifetimeNanos - ageNanos(nowNanos);
    }

    boolean isFresh(long nowNanos) {
        return leftNanos(nowNanos) > 0;
    }

    static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }
}
