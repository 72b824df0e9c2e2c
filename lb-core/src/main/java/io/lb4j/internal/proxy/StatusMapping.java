package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.Source;
import io.lb4j.http.ResetCode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which status says what to a client: the one place where an error becomes a status. */
final class StatusMapping {
    /** What access records show for a client that went away before it was answered; never sent. */
    static final int CLIENT_CLOSED_REQUEST = 499;

    /**
     * Codes of resets that go on to the other side. The others do not: NO_ERROR would have a message that is cut pass for whole; REFUSED_STREAM and
     * HTTP_1_1_REQUIRED would have a client repeat what an endpoint has processed; and the rest speak of the connection that they came by.
     */
    private static final Set<ResetCode> END_TO_END = Collections.unmodifiableSet(EnumSet.of(
            ResetCode.CANCEL,
            ResetCode.REQUEST_INCOMPLETE,
            ResetCode.INTERNAL_ERROR,
            ResetCode.CONNECT_ERROR,
            ResetCode.ENHANCE_YOUR_CALM));

    private StatusMapping() {}

    static int statusOf(Kind kind) {
        return switch (kind) {
            case MALFORMED_REQUEST -> 400;
            case NO_ROUTE -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case REQUEST_TIMEOUT -> 408;
            case BODY_TOO_LARGE -> 413;
            case TARGET_TOO_LONG -> 414;
            case EXPECTATION_FAILED -> 417;
            case MISDIRECTED -> 421;
            case TOO_EARLY -> 425;
            case CLIENT_ABUSE -> 429;
            case HEADERS_TOO_LARGE -> 431;
            case CLIENT_GONE, CLIENT_STALLED -> CLIENT_CLOSED_REQUEST;
            case PLUGIN_FAILED, INTERNAL_FAULT -> 500;
            case NOT_IMPLEMENTED -> 501;
            case RESOLVE_FAILED,
                    CONNECT_FAILED,
                    TLS_FAILED,
                    UPSTREAM_CLOSED,
                    UPSTREAM_RESET,
                    UPSTREAM_REFUSED,
                    UPSTREAM_TRUNCATED,
                    MALFORMED_RESPONSE -> 502;
            case NO_ENDPOINT, OVERLOADED, PENDING_TIMEOUT, DRAINED, PLUGIN_OUT, TOO_MANY_STREAMS -> 503;
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, TRY_TIMEOUT, EXCHANGE_TIMEOUT, IDLE_TIMEOUT, PLUGIN_TIMEOUT ->
                504;
            case VERSION_NOT_SUPPORTED -> 505;
        };
    }

    /**
     * Returns how a response that has begun is broken off because of a failure: by the endpoint's code where it means the same at the client, or as a
     * fault of this side.
     */
    static ResetCode resetCodeOf(ProxyException failure) {
        if (failure.kind() == Kind.CLIENT_ABUSE) {
            return ResetCode.ENHANCE_YOUR_CALM;
        }
        return failure.resetCode().filter(END_TO_END::contains).orElse(ResetCode.INTERNAL_ERROR);
    }

    /**
     * Returns how a request is given up at its endpoint: by the client's code where the client has reset it and the code means the same at the endpoint,
     * or as one that is not wanted any more.
     *
     * @param failure of the exchange, or null where it has not failed
     */
    static ResetCode abandonCodeOf(@Nullable ProxyException failure) {
        if (failure == null || failure.source() != Source.DOWNSTREAM) {
            return ResetCode.CANCEL;
        }
        return failure.resetCode().filter(END_TO_END::contains).orElse(ResetCode.CANCEL);
    }

    /**
     * Returns the status of gRPC for a failure: where the endpoint has reset the stream, the one that its code stands for in gRPC over
     * HTTP/2, which a client without a proxy between would have seen.
     */
    static int grpcStatusOf(ProxyException failure) {
        Optional<ResetCode> reset = failure.resetCode();
        if (reset.isEmpty() || failure.source() != Source.UPSTREAM) {
            return grpcStatusOf(statusOf(failure.kind()));
        }
        return switch (reset.get()) {
            case REFUSED_STREAM -> 14; // UNAVAILABLE
            case CANCEL -> 1; // CANCELLED
            case ENHANCE_YOUR_CALM -> 8; // RESOURCE_EXHAUSTED
            case INADEQUATE_SECURITY -> 7; // PERMISSION_DENIED
            default -> 13; // INTERNAL
        };
    }

    /** Returns the status of gRPC for a status of HTTP, by the mapping of gRPC's own documentation. */
    private static int grpcStatusOf(int httpStatus) {
        return switch (httpStatus) {
            case 400 -> 13; // INTERNAL
            case 401 -> 16; // UNAUTHENTICATED
            case 403 -> 7; // PERMISSION_DENIED
            case 404, 405, 501 -> 12; // UNIMPLEMENTED
            case 408, 504 -> 4; // DEADLINE_EXCEEDED
            case 413, 414, 431 -> 8; // RESOURCE_EXHAUSTED
            case 429, 502, 503 -> 14; // UNAVAILABLE
            default -> 2; // UNKNOWN
        };
    }
}
