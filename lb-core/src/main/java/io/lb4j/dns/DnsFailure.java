package io.lb4j.dns;

import java.io.IOException;

/** It could not be found out what there is under a name. That is no statement about the name: what was known before may still be true. */
public final class DnsFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** Why it could not be found out. */
    public enum Kind {
        /** The servers answer that they cannot find it out: SERVFAIL and its like. */
        SERVER_FAILURE,
        /** The servers refuse to answer. */
        REFUSED,
        /** No server has answered in time. */
        TIMED_OUT,
        /** No server can be reached, or what it answers cannot be understood. */
        UNREACHABLE
    }

    DnsFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    DnsFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Returns why it could not be found out. */
    public Kind kind() {
        return kind;
    }
}
