package io.lb4j.plugins.registry.oci;

import java.io.IOException;
import java.util.Locale;

/** Something that could not be had from a registry, or may not be used. The message begins with the reason's name and holds no secret. */
public final class RegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What went wrong. */
    public enum Reason {
        /** Nobody answers, or not in time, or with a failure of the server's own. */
        UNREACHABLE,
        /** Credentials are missing or wrong, or do not suffice. */
        UNAUTHORIZED,
        /** There is no such repository, tag, manifest or blob. */
        NOT_FOUND,
        /** An answer that the protocol does not know. */
        UNEXPECTED_ANSWER,
        /** An address that may not be asked: http where https is expected, or credentials in it. */
        FORBIDDEN_ADDRESS,
        /** What came is not what was named. */
        WRONG_DIGEST,
        /** There is more of it than there may be. */
        TOO_LARGE,
        /** A document or an archive that cannot be read. */
        MALFORMED,
        /** An image that holds no module, or several. */
        NO_MODULE,
        /** It is not in the cache, and may not be pulled. */
        NOT_CACHED,
        /** Nobody has signed it, and somebody who is trusted should have. */
        UNSIGNED,
        /** It is signed, but by nobody who is trusted. */
        WRONG_SIGNATURE,
        /** It was published, and is not to be used any longer. */
        REVOKED,
        /** Its publisher says that it cannot work with this configuration, or with what it may do and use. */
        UNFIT,
        /** An index that has expired, or is older than one that was seen before. */
        OUTDATED
    }

    /** Creates a failure. */
    public RegistryException(Reason reason, String message) {
        super(named(reason, message));
        this.reason = reason;
    }

    /** Creates a failure that something else has brought about. */
    public RegistryException(Reason reason, String message, Throwable cause) {
        super(named(reason, message), cause);
        this.reason = reason;
    }

    private static String named(Reason reason, String message) {
        return reason.name().toLowerCase(Locale.ROOT) + ": " + message;
    }

    /** Returns what went wrong. */
    public Reason reason() {
        return reason;
    }
}
