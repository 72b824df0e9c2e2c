package io.lb4j.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How one certificate stands: one that takes care of itself, or one that somebody else exchanges when its time comes. Immutable.
 *
 * @param names of the certificate
 * @param held what was obtained; empty while a certificate that vouches for itself stands in for one that takes care of itself
 * @param nextAttempt when it is ordered next, in the past while that is under way; the end of its validity if it does not take care of itself
 * @param failures how many attempts have failed since the last success: to order it, or to read another in its place
 * @param hurried how many times in a row it was replaced at once because its authority wanted that by a time that was over before it came; such a
 *     wish is not followed at once again
 * @param lastFailure what the last of them said
 */
public record CertificateStatistics(
        List<String> names,
        Optional<Held> held,
        Instant nextAttempt,
        int failures,
        int hurried,
        Optional<String> lastFailure) {
    /** Copies the list. */
    public CertificateStatistics {
        names = List.copyOf(names);
    }

    /** Returns whether a certificate that vouches for itself is shown to clients. */
    public boolean isSelfSigned() {
        return held.isEmpty();
    }

    /**
     * A certificate that was obtained.
     *
     * @param authority who issued it
     * @param serial in hexadecimal
     * @param notBefore the beginning of its validity
     * @param notAfter the end of its validity
     * @param isRevoked whether it is revoked, and about to be replaced
     */
    public record Held(String authority, String serial, Instant notBefore, Instant notAfter, boolean isRevoked) {
        /** Returns how much time is left; negative once it is over. */
        public Duration left(Instant now) {
            return Duration.between(now, notAfter);
        }

        /** Returns which share of the lifetime is left: 1 at the beginning, 0 and less after the end. */
        public double shareLeft(Instant now) {
            return left(now).toMillis()
                    / (double) Duration.between(notBefore, notAfter).toMillis();
        }
    }
}
