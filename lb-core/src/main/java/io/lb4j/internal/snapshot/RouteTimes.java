package io.lb4j.internal.snapshot;

import java.util.concurrent.TimeUnit;

/**
 * How long an exchange may take, in nanoseconds; {@link #UNLIMITED} where it may take for ever. Immutable.
 *
 * @param firstByteNanos from the end of the request until the response begins
 * @param tryNanos for one try, from its beginning until the response begins
 * @param exchangeNanos for the whole, from the first octet of the request's head to the last of the response
 * @param idleNanos without an octet in either direction
 */
public record RouteTimes(long firstByteNanos, long tryNanos, long exchangeNanos, long idleNanos) {
    /** Longer than any process lives. */
    public static final long UNLIMITED = Long.MAX_VALUE >> 2;

    /** The times of a route that names none. */
    public static RouteTimes defaults() {
        return new RouteTimes(TimeUnit.SECONDS.toNanos(60), UNLIMITED, UNLIMITED, TimeUnit.SECONDS.toNanos(60));
    }
}
