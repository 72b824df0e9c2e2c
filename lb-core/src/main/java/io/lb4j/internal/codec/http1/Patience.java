package io.lb4j.internal.codec.http1;

/**
 * How long a connection waits for its peer, and whether a write makes progress. Looks at the socket's queue only where a flush has left
 * something in it. Confined to the connection's event loop.
 */
final class Patience {
    private static final int LOOKS = 4; // at a write within its time

    private final long headNanos;
    private final long idleNanos;
    private final long bodyNanos;
    private final long writeNanos;
    private final long lingerNanos;
    private boolean isWatching;
    private long progressNanos; // when the write under watch was last seen to have made progress

    Patience(Http1Limits.Times times) {
        headNanos = times.head().toNanos();
        idleNanos = times.idle().toNanos();
        bodyNanos = times.body().toNanos();
        writeNanos = times.write().toNanos();
        lingerNanos = times.linger().toNanos();
    }

    long headNanos() {
        return headNanos;
    }

    long idleNanos() {
        return idleNanos;
    }

    long bodyNanos() {
        return bodyNanos;
    }

    long lingerNanos() {
        return lingerNanos;
    }

    /** Begins to watch what a flush has left. */
    void watch(WireOutput output, Watchdog watchdog) {
        if (!isWatching && output.isPending()) {
            isWatching = true;
            output.hasProgressed();
            progressNanos = System.nanoTime();
            watchdog.lookWithin(progressNanos, writeNanos / LOOKS);
        }
    }

    /** Returns whether the write under watch has made no progress for too long. */
    boolean isStalled(WireOutput output, long nowNanos) {
        if (!isWatching) {
            return false;
        }
        if (!output.isPending()) {
            isWatching = false;
            return false;
        }
        if (output.hasProgressed()) {
            progressNanos = nowNanos;
            return false;
        }
        return nowNanos - progressNanos >= writeNanos;
    }

    /** Returns how long from now to look again, or {@link Watchdog#NOTHING}. */
    long untilNextLook() {
        return isWatching ? writeNanos / LOOKS : Watchdog.NOTHING;
    }
}
