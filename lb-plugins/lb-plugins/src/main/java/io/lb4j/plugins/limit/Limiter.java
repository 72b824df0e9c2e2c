package io.lb4j.plugins.limit;

import java.util.function.Consumer;

/** Counts requests by key. Thread-safe; never blocks. */
public interface Limiter extends AutoCloseable {
    /**
     * Counts a request, if there is room for it.
     *
     * @param then told once, before this returns or later, on any thread
     */
    void take(String key, Consumer<? super Decision> then);

    /** Returns how many keys it keeps. */
    long keys();

    @Override
    default void close() {}

    /**
     * Whether there is room for a request.
     *
     * @param isAllowed whether there is
     * @param remaining how many more there is room for now
     * @param resetNanos when all room will be free again, unless more requests come
     * @param retryNanos when there will be room for one; 0 if it was allowed
     */
    record Decision(boolean isAllowed, long remaining, long resetNanos, long retryNanos) {}
}
