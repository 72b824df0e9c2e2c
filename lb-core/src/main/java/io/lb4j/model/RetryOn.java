package io.lb4j.model;

/**
 * The failures after which a request may be sent again. A request whose method is not idempotent is sent again only where the endpoint
 * has provably not processed it, whatever else is chosen here.
 */
public enum RetryOn {
    /** No connection came about: nothing was sent. */
    CONNECT_FAILURE,
    /** The endpoint said that it did not process the request: a refused stream, a goodbye. */
    REFUSED,
    /** The connection was closed, or the stream reset, before the response began. */
    RESET,
    /** The response did not begin in time. */
    TIMEOUT
}
