package io.lb4j.acme.internal.archive;

import io.lb4j.acme.model.CertificateNames;
import io.lb4j.spi.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A certificate as it was obtained. Immutable.
 *
 * @param authority who issued it, by the name of its directory
 * @param names what was asked for
 * @param certificate key and chain
 * @param obtainedAt when
 */
public record StoredCertificate(String authority, CertificateNames names, Certificate certificate, Instant obtainedAt) {
    /** Returns the one that was obtained later; the first of two that came at once. */
    public static Optional<StoredCertificate> later(
            Optional<StoredCertificate> one, Optional<StoredCertificate> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return other.get().obtainedAt.isAfter(one.get().obtainedAt) ? other : one;
    }

    /** Returns the serial number, in hexadecimal. */
    public String serial() {
        return certificate.chain().get(0).getSerialNumber().toString(16);
    }

    /** Returns whether an authority has issued it. */
    public boolean isFrom(String name) {
        return authority.equals(name);
    }

    /** Returns how long it is valid in all. */
    public Duration lifetime() {
        return Duration.between(certificate.notBefore(), certificate.notAfter());
    }

    /** Returns whether its time has come and is not over. */
    public boolean isValidAt(Instant now) {
        return !now.isBefore(certificate.notBefore()) && now.isBefore(certificate.notAfter());
    }
}
