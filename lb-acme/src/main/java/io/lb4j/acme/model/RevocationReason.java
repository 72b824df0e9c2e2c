package io.lb4j.acme.model;

import java.util.Arrays;
import java.util.Optional;

/** Why a certificate is revoked (RFC 5280 §5.3.1): those reasons that authorities take. */
public enum RevocationReason {
    /** None is given. */
    UNSPECIFIED(0),
    /** The private key may be in other hands: it is never used again. */
    KEY_COMPROMISE(1),
    /** The names belong to somebody else. */
    AFFILIATION_CHANGED(3),
    /** There is another certificate. */
    SUPERSEDED(4),
    /** The names are no longer served. */
    CESSATION_OF_OPERATION(5);

    private final int code;

    RevocationReason(int code) {
        this.code = code;
    }

    /** Returns the number that the protocol has for it. */
    public int code() {
        return code;
    }

    /** Returns the reason that has a number; empty if it is none of these. */
    public static Optional<RevocationReason> of(int code) {
        return Arrays.stream(values()).filter(reason -> reason.code == code).findFirst();
    }
}
