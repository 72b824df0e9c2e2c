package io.lb4j.exchange;

/** How far an exchange has come. The order of the constants is that of an exchange that goes well at the first try. */
public enum Stage {
    /** The codec has read and judged the request's head. */
    DECODED,
    /** A route takes precedence. */
    ROUTED,
    /** The request filters have let the head through. */
    FILTERED,
    /** The cluster's policy has picked an endpoint; comes again with each retry. */
    BALANCED,
    /** A stream to the endpoint is open; comes again with each retry. */
    CONNECTED,
    /** The endpoint's response has begun; comes again with each retry. */
    ANSWERED,
    /** The response filters have let the head through, and it was written to the client. */
    RETURNED,
    /** The exchange is over. */
    ENDED
}
