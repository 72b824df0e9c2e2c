package io.lb4j.internal.snapshot;

/** The wish of a pool for a connection when its cluster has as many as it may. Thread-safe. */
public final class ConnectionClaim {
    /** How long a connection serves those of its own event loop before it is given up for others. */
    private static final long TURN_NANOS = 20_000_000;

    private static final int SHARE = 4; // of the time that requests wait, in which every claim has its turn

    private final ConnectionHolder owner;
    private final long sinceNanos = System.nanoTime();
    private final long pendingNanos;
    private volatile int limit;

    /**
     * Creates a claim.
     *
     * @param owner who is served
     * @param settings the limit of connections, and how long requests wait
     */
    public ConnectionClaim(ConnectionHolder owner, PoolSettings settings) {
        this.owner = owner;
        pendingNanos = settings.times().pendingNanos();
        limit = settings.limits().connections();
    }

    int limit() {
        return limit;
    }

    /** Takes over another limit; returns whether it is another. */
    boolean limit(int next) {
        boolean differs = limit != next;
        limit = next;
        return differs;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    boolean isOf(ConnectionHolder holder) {
        return owner == holder;
    }

    /** Returns how long a turn is with so many claimants: shorter the more they are, so that none waits in vain. */
    long turnNanos(int claimants) {
        return Math.min(TURN_NANOS, pendingNanos / ((long) SHARE * Math.max(1, claimants)));
    }

    void serve() {
        owner.serve(this);
    }
}
