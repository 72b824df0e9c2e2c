package io.lb4j.acme.internal.archive;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is known about the renewal of a certificate, so that a restart, and other instances, know it too. Immutable.
 *
 * @param serial of the certificate that window and revocation are about: of another certificate, they say nothing
 * @param window the authority's wish
 * @param isRevoked whether the certificate is to be replaced at once
 * @param failures how many attempts have failed since the last success
 * @param notBefore when the next attempt may be
 * @param hurried how many certificates in a row were replaced because their authority's wish was over before they came
 * @param holds until when authorities want to be left alone, by their names
 */
public record RenewalState(
        String serial,
        Optional<RenewalWindow> window,
        boolean isRevoked,
        int failures,
        Instant notBefore,
        int hurried,
        Map<String, Instant> holds) {
    /** Nothing is known. */
    public static final RenewalState NONE =
            new RenewalState("", Optional.empty(), false, 0, Instant.EPOCH, 0, Map.of());

    /** Copies the map. */
    public RenewalState {
        holds = Map.copyOf(holds);
    }

    /** Returns what is known about a certificate: window and revocation of another are left out. */
    public RenewalState about(String otherSerial) {
        return serial.equals(otherSerial)
                ? this
                : new RenewalState(otherSerial, Optional.empty(), false, failures, notBefore, hurried, holds);
    }

    /** Returns what is known about a certificate that has just come. */
    public static RenewalState fresh(String serial, int hurried) {
        return new RenewalState(serial, Optional.empty(), false, 0, Instant.EPOCH, hurried, Map.of());
    }

    /** Returns the same with the authority's wish. */
    public RenewalState with(RenewalWindow wish) {
        return new RenewalState(serial, Optional.of(wish), isRevoked, failures, notBefore, hurried, holds);
    }

    /** Returns the same, with the certificate revoked. */
    public RenewalState revoked() {
        return new RenewalState(serial, window, true, 0, Instant.EPOCH, hurried, holds);
    }

    /**
     * Returns the same after one more failure.
     *
     * @param newHolds until when authorities want to be left alone
     */
    public RenewalState failed(Instant nextNotBefore, Map<String, Instant> newHolds) {
        return new RenewalState(serial, window, isRevoked, failures + 1, nextNotBefore, hurried, newHolds);
    }
}
