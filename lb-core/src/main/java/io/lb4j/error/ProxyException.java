package io.lb4j.error;

import io.lb4j.http.ResetCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure of an exchange. It says what went wrong and whether the request may be sent again without a chance of its being
 * processed twice. It has no stack trace, for it is an event of the network rather than of the program; a cause keeps its own.
 */
public final class ProxyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is known of the request's fate. */
    public enum Delivery {
        /** Not one octet of the request was processed: sending it again is safe, whatever its method. */
        UNPROCESSED,
        /** The request, or a part of it, may have been processed: only an idempotent one may be sent again. */
        UNKNOWN
    }

    private final Kind kind;
    private final Delivery delivery;
    private final @Nullable ResetCode resetCode;

    /**
     * Creates a failure after which the request's fate is unknown.
     *
     * @param message what was seen and what was expected; must not hold secrets
     */
    public ProxyException(Kind kind, String message) {
        this(kind, Delivery.UNKNOWN, message, null);
    }

    /**
     * Creates a failure.
     *
     * @param message what was seen and what was expected; must not hold secrets
     * @param cause what brought it about, or null
     */
    public ProxyException(Kind kind, Delivery delivery, String message, @Nullable Throwable cause) {
        this(kind, delivery, message, cause, null);
    }

    private ProxyException(
            Kind kind, Delivery delivery, String message, @Nullable Throwable cause, @Nullable ResetCode resetCode) {
        super(message, cause, false, false);
        this.kind = kind;
        this.delivery = delivery;
        this.resetCode = resetCode;
    }

    /** Returns the same failure with the code by which the peer ended its stream. */
    public ProxyException withResetCode(ResetCode code) {
        return new ProxyException(kind, delivery, String.valueOf(getMessage()), getCause(), code);
    }

    /** Returns what went wrong. */
    public Kind kind() {
        return kind;
    }

    /** Returns where it arose. */
    public Source source() {
        return kind.source();
    }

    /** Returns what is known of the request's fate. */
    public Delivery delivery() {
        return delivery;
    }

    /**
     * Returns the code by which the peer ended its stream, where it did. {@link ResetCode#HTTP_1_1_REQUIRED} of an endpoint asks for the
     * request to be made again over HTTP/1.1.
     */
    public Optional<ResetCode> resetCode() {
        return Optional.ofNullable(resetCode);
    }

    /** Returns whether the request was provably never processed, so that even a non-idempotent one may be sent again. */
    public boolean isUnprocessed() {
        return delivery == Delivery.UNPROCESSED;
    }
}
