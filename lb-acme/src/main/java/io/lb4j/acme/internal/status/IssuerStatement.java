package io.lb4j.acme.internal.status;

import io.lb4j.acme.model.RevocationReason;
import java.time.Instant;
import java.util.Optional;

/** What an issuer says of a certificate. Immutable. */
public final class IssuerStatement {
    private final boolean revoked;
    private final Optional<RevocationReason> reason;
    private final Instant until;
    private final Optional<byte[]> ocspResponse;

    private IssuerStatement(
            boolean revoked, Optional<RevocationReason> reason, Instant until, Optional<byte[]> ocspResponse) {
        this.revoked = revoked;
        this.reason = reason;
        this.until = until;
        this.ocspResponse = ocspResponse;
    }

    /**
     * The certificate is good.
     *
     * @param until when the issuer will have said something newer
     */
    public static IssuerStatement good(Instant until) {
        return new IssuerStatement(false, Optional.empty(), until, Optional.empty());
    }

    /**
     * The certificate is revoked.
     *
     * @param reason if it is one that authorities are told
     * @param until when the issuer will have said something newer
     */
    public static IssuerStatement revoked(Optional<RevocationReason> reason, Instant until) {
        return new IssuerStatement(true, reason, until, Optional.empty());
    }

    /** Returns the same, as a response that can be stapled to handshakes (RFC 6066 §8). */
    public IssuerStatement by(byte[] response) {
        return new IssuerStatement(revoked, reason, until, Optional.of(response.clone()));
    }

    /** Returns whether the certificate is revoked. */
    public boolean isRevoked() {
        return revoked;
    }

    /** Returns why it is, where the issuer says so. */
    public Optional<RevocationReason> reason() {
        return reason;
    }

    /** Returns when the issuer will have said something newer. */
    public Instant until() {
        return until;
    }

    /** Returns the response that says so, in DER. */
    public Optional<byte[]> ocspResponse() {
        return ocspResponse.map(byte[]::clone);
    }
}
