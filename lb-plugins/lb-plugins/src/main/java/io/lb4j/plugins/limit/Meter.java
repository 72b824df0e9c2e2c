package io.lb4j.plugins.limit;

/** What is kept of one key. Thread-safe; never blocks. */
interface Meter {
    /** Counts a request, if there is room for it. */
    Limiter.Decision take(long nowNanos);

    /** Returns for how long it has to be kept: 0 or less if it may be forgotten without loss. */
    long usedForNanos(long nowNanos);
}
