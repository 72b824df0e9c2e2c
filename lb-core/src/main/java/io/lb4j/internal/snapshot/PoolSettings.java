package io.lb4j.internal.snapshot;

/**
 * How the connections of a cluster are kept. Immutable.
 *
 * @param limits how many of what
 * @param times how long
 */
public record PoolSettings(Limits limits, Times times) {
    /** The settings of a cluster that names none. */
    public static PoolSettings defaults() {
        return new PoolSettings(Limits.defaults(), Times.defaults());
    }

    /**
     * How many of what, for all event loops together.
     *
     * @param connections open or being opened
     * @param idle open without a request, for HTTP/1.1
     * @param pending requests that wait for a connection
     * @param requestsPerConnection after which a connection is closed
     */
    public record Limits(int connections, int idle, int pending, int requestsPerConnection) {
        static Limits defaults() {
            return new Limits(1024, 256, 1024, Integer.MAX_VALUE);
        }
    }

    /**
     * How long, in nanoseconds.
     *
     * @param connectNanos for the TCP connection
     * @param pendingNanos for a request that waits for a connection
     * @param idleNanos after which a connection without a request is closed
     * @param lifetimeNanos after which a connection takes no more requests
     * @param drainNanos for which requests go on when the endpoint has left its cluster
     */
    public record Times(long connectNanos, long pendingNanos, long idleNanos, long lifetimeNanos, long drainNanos) {
        static Times defaults() {
            return new Times(5_000_000_000L, 5_000_000_000L, 60_000_000_000L, Long.MAX_VALUE, 30_000_000_000L);
        }
    }
}
