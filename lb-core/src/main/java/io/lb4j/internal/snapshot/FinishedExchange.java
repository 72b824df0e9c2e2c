package io.lb4j.internal.snapshot;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.Method;
import java.util.Optional;

/** What the observe stage wants to know of an exchange besides what extensions see. */
public interface FinishedExchange extends Exchange {
    /** Returns the method that the client has asked by, whatever filters made of it. */
    Method askedMethod();

    /** Returns the host that the client has asked for, whatever filters and the route made of it. */
    String askedAuthority();

    /** Returns the path that the client has asked for, with its query, whatever filters and the route made of it. */
    String askedTarget();

    /** Returns the status that was sent to the client; 0 if none was. */
    int status();

    /** Returns what went wrong, if anything did. */
    Optional<ProxyException> failure();

    /** Returns whether the answer was made here rather than by an endpoint. */
    boolean isLocalReply();

    /** Returns the octets of the request's body. */
    long requestBytes();

    /** Returns the octets of the response's body. */
    long responseBytes();

    /** Returns how long the response took to begin, in nanoseconds from the exchange's beginning; 0 if it did not begin. */
    long firstByteNanos();

    /** Returns how long the exchange took, in nanoseconds; 0 before its end. */
    long durationNanos();
}
