package io.lb4j.error;

import static io.lb4j.error.Source.CONFIG;
import static io.lb4j.error.Source.DOWNSTREAM;
import static io.lb4j.error.Source.INTERNAL;
import static io.lb4j.error.Source.UPSTREAM;

/**
 * What went wrong. Each kind has a {@link #reason()}: the short word that clients see in the reason header, and that access
 * records and statistics count by.
 */
public enum Kind {
    /** The request does not follow the protocol's grammar, or means different things to different parsers. */
    MALFORMED_REQUEST(DOWNSTREAM, "malformed_request"),
    /** The request line or target is longer than allowed. */
    TARGET_TOO_LONG(DOWNSTREAM, "target_too_long"),
    /** The header section is larger than allowed. */
    HEADERS_TOO_LARGE(DOWNSTREAM, "headers_too_large"),
    /** The request body is larger than allowed. */
    BODY_TOO_LARGE(DOWNSTREAM, "body_too_large"),
    /** The request carries an expectation other than {@code 100-continue}. */
    EXPECTATION_FAILED(DOWNSTREAM, "expectation_failed"),
    /** The method, or the protocol to switch to, is not served here. */
    NOT_IMPLEMENTED(DOWNSTREAM, "not_implemented"),
    /** The version of the protocol is not spoken here. */
    VERSION_NOT_SUPPORTED(DOWNSTREAM, "version_not_supported"),
    /** The authority is not one that this connection may ask for. */
    MISDIRECTED(DOWNSTREAM, "misdirected"),
    /** The request came as early data and must not be replayed (RFC 8470). */
    TOO_EARLY(DOWNSTREAM, "too_early"),
    /** The client did not send its request in time. */
    REQUEST_TIMEOUT(DOWNSTREAM, "request_timeout"),
    /** The client went away before the exchange was over. */
    CLIENT_GONE(DOWNSTREAM, "client_gone"),
    /** The client took nothing of its response for too long. */
    CLIENT_STALLED(DOWNSTREAM, "client_stalled"),
    /** The client has more streams open on one connection than it may; the request was not processed. */
    TOO_MANY_STREAMS(DOWNSTREAM, "too_many_streams"),
    /** The client broke a limit on its behaviour. */
    CLIENT_ABUSE(DOWNSTREAM, "client_abuse"),
    /** No route matches. */
    NO_ROUTE(CONFIG, "no_route"),
    /** A route matches but for the method. */
    METHOD_NOT_ALLOWED(CONFIG, "method_not_allowed"),
    /** The cluster has no endpoint that may be used. */
    NO_ENDPOINT(CONFIG, "no_healthy_endpoint"),
    /** The cluster's limit on connections and on waiting requests is reached. */
    OVERLOADED(CONFIG, "overloaded"),
    /** No connection came free in time. */
    PENDING_TIMEOUT(CONFIG, "pending_timeout"),
    /** The endpoint's name does not resolve. */
    RESOLVE_FAILED(UPSTREAM, "resolve_failed"),
    /** The endpoint refuses connections, or cannot be reached. */
    CONNECT_FAILED(UPSTREAM, "connect_failed"),
    /** The endpoint did not accept the connection, or did not end its TLS handshake, in time. */
    CONNECT_TIMEOUT(UPSTREAM, "connect_timeout"),
    /** The TLS handshake with the endpoint failed, or its certificate is not trusted. */
    TLS_FAILED(UPSTREAM, "tls_failed"),
    /** The endpoint closed or reset the connection before its response began. */
    UPSTREAM_CLOSED(UPSTREAM, "upstream_closed"),
    /** The endpoint reset the stream before its response began. */
    UPSTREAM_RESET(UPSTREAM, "upstream_reset"),
    /** The endpoint said that it did not process the request. */
    UPSTREAM_REFUSED(UPSTREAM, "upstream_refused"),
    /** The endpoint's response ended before it was whole. */
    UPSTREAM_TRUNCATED(UPSTREAM, "upstream_truncated"),
    /** The endpoint's response does not follow the protocol. */
    MALFORMED_RESPONSE(UPSTREAM, "malformed_response"),
    /** The endpoint's response did not begin in time. */
    FIRST_BYTE_TIMEOUT(UPSTREAM, "first_byte_timeout"),
    /** One try took longer than it may. */
    TRY_TIMEOUT(UPSTREAM, "try_timeout"),
    /** The exchange as a whole took longer than it may. */
    EXCHANGE_TIMEOUT(UPSTREAM, "exchange_timeout"),
    /** Nothing moved on the exchange for too long. */
    IDLE_TIMEOUT(UPSTREAM, "idle_timeout"),
    /** The endpoint was removed, or the balancer is closing. */
    DRAINED(CONFIG, "drained"),
    /** A plugin failed, or made a message that cannot be sent. */
    PLUGIN_FAILED(INTERNAL, "plugin_failed"),
    /** A plugin did not let a message go on in time. */
    PLUGIN_TIMEOUT(INTERNAL, "plugin_timeout"),
    /** A plugin that must take part is out: it has failed too often, or held an event loop. */
    PLUGIN_OUT(INTERNAL, "plugin_out"),
    /** A fault of this library. */
    INTERNAL_FAULT(INTERNAL, "internal_fault");

    private final Source source;
    private final String reason;

    Kind(Source source, String reason) {
        this.source = source;
        this.reason = reason;
    }

    /** Returns where failures of this kind arise. */
    public Source source() {
        return source;
    }

    /** Returns the short word for this kind: lower case, with underscores. */
    public String reason() {
        return reason;
    }
}
