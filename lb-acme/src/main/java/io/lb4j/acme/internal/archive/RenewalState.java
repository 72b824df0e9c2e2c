package io.lb4j.acme.internal.archive;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known about the renewal of a certificate, so that a restart, and other instances, know it too. Immutable.
 *
 * @param serial of the certificate that window and revocation are about: of another certificate, they say nothing
 * @param window the authority's wish
 * @param isRevoked whether the certificate is to be replaced at once
 * @param failures how many attempts have failed since the last success
 * @param notBefore when the next attempt may be
 */
public record RenewalState(
        String serial, Optional<RenewalWindow> window, boolean isRevoked, int failures, Instant notBefore) {
    /** Nothing is known. */
    public static final RenewalState NONE = new RenewalState("", Optional.empty(), false, 0, Instant.EPOCH);

    /** Returns what is known about a certificate: window and revocation of another are left out. */
    public RenewalState about(String otherSerial) {
        return serial.equals(otherSerial)
                ? this
                : new RenewalState(otherSerial, Optional.empty(), false, failures, notBefore);
    }

    /** Returns the same with the authority's wish. */
    public RenewalState with(RenewalWindow wish) {
        return new RenewalState(serial, Optional.of(wish), isRevoked, failures, notBefore);
    }

    /** Returns the same, with the certificate revoked. */
    public RenewalState revoked() {
        return new RenewalState(serial, window, true, 0, Instant.EPOCH);
    }

    /** Returns the same after one more failure. */
    public RenewalState failed(Instant nextNotBefore) {
        return new RenewalState(serial, window, isRevoked, failures + 1, nextNotBefore);
    }
}
