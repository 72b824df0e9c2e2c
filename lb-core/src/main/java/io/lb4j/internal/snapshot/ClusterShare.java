package io.lb4j.internal.snapshot;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the event loops' pools of one cluster share: the counts that its limits hold for. It is carried from one snapshot to the next as
 * long as the cluster is there. Thread-safe.
 */
public final class ClusterShare {
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();

    /** Returns how many connections are open or being opened. */
    public int connections() {
        return connections.get();
    }

    /** Returns how many connections are open without a request. */
    public int idle() {
        return idle.get();
    }

    /** Returns how many requests wait for a connection. */
    public int pending() {
        return pending.get();
    }

    /** Counts a connection unless that would exceed the limit. */
    public boolean tryConnection(int limit) {
        return tryIncrement(connections, limit);
    }

    /** Counts a connection no more. */
    public void connectionEnded() {
        connections.decrementAndGet();
    }

    /** Counts a connection without a request unless that would exceed the limit. */
    public boolean tryIdle(int limit) {
        return tryIncrement(idle, limit);
    }

    /** Counts a connection without a request no more. */
    public void idleEnded() {
        idle.decrementAndGet();
    }

    /** Counts a waiting request unless that would exceed the limit. */
    public boolean tryPending(int limit) {
        return tryIncrement(pending, limit);
    }

    /** Counts a waiting request no more. */
    public void pendingEnded() {
        pending.decrementAndGet();
    }

    private static boolean tryIncrement(AtomicInteger counter, int limit) {
        if (counter.incrementAndGet() <= limit) {
            return true;
        }
        counter.decrementAndGet();
        return false;
    }
}
