package io.lb4j.internal.snapshot;

/**
 * How long an exchange may take. Immutable.
 *
 * @param ordinary holds for most exchanges
 * @param streaming holds for those that stream by nature: calls of gRPC, and server-sent events
 */
public record RouteTimes(Times ordinary, Times streaming) {
    /** Longer than any process lives. */
    public static final long UNLIMITED = Long.MAX_VALUE >> 2;

    /** No limit on anything. */
    public static final RouteTimes NONE = new RouteTimes(Times.NONE, Times.NONE);

    /**
     * The times, in nanoseconds; {@link #UNLIMITED} for an exchange that may take for ever.
     *
     * @param firstByteNanos from the end of the request until the response begins
     * @param tryNanos for one try, from its beginning until the response begins
     * @param exchangeNanos for the whole, from the first octet of the request's head to the last of the response
     * @param idleNanos without an octet in either direction
     */
    public record Times(long firstByteNanos, long tryNanos, long exchangeNanos, long idleNanos) {
        private static final Times NONE = new Times(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);
    }
}
