package io.lb4j.internal.codec.http1;

/** What is done with the octets that come from a client. */
enum ServerPhase {
    /** A head is being read, or awaited. */
    HEAD,
    /** A body is being read. */
    BODY,
    /** The rest of a request is being read, which was answered before its end. */
    REST,
    /** The request is read, its response is under way: what comes waits. */
    HELD,
    /** What comes is delivered as it is. */
    TUNNEL,
    /** What comes is thrown away. */
    DISCARD
}
