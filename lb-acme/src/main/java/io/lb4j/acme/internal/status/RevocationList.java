package io.lb4j.acme.internal.status;

import io.lb4j.acme.model.RevocationReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/** What a list of revoked certificates says of one (RFC 5280 §6.3). */
final class RevocationList {
    private RevocationList() {}

    /**
     * Judges a list.
     *
     * @param from where it was had: a list that is for certificates that name another address says nothing
     */
    static IssuerStatement judge(
            byte[] list, URI from, X509Certificate certificate, X509Certificate issuer, Instant now)
            throws IOException {
        try {
            X509CRL parsed =
                    (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(list));
            if (!parsed.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
                throw new IOException(
                        "revocation list: of " + parsed.getIssuerX500Principal() + " (expected: the issuer's)");
            }
            parsed.verify(issuer.getPublicKey());
            requireScope(parsed, from);
            Instant until = Optional.ofNullable(parsed.getNextUpdate())
                    .orElseThrow(() -> new IOException("revocation list: without an end"))
                    .toInstant();
            if (!until.isAfter(now)) {
                throw new IOException("revocation list: until " + until + " (expected: one for now)");
            }
            X509CRLEntry entry = parsed.getRevokedCertificate(certificate.getSerialNumber());
            return entry == null ? IssuerStatement.good(until) : IssuerStatement.revoked(reason(entry), until);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("revocation list: it cannot be read, or is not the issuer's", e);
        }
    }

    /** The JDK's reasons stand in the order of their numbers. */
    private static Optional<RevocationReason> reason(X509CRLEntry entry) {
        return Optional.ofNullable(entry.getRevocationReason())
                .flatMap(reason -> RevocationReason.of(reason.ordinal()));
    }

    /** Large authorities split their lists: each part says which addresses it is for. */
    private static void requireScope(X509CRL list, URI from) throws IOException {
        byte[] value = list.getExtensionValue(Extension.issuingDistributionPoint.getId());
        if (value == null) {
            return;
        }
        IssuingDistributionPoint scope =
                IssuingDistributionPoint.getInstance(JcaX509ExtensionUtils.parseExtensionValue(value));
        boolean isOther = scope.isIndirectCRL()
                || scope.onlyContainsCACerts()
                || scope.onlyContainsAttributeCerts()
                || scope.getOnlySomeReasons() != null;
        boolean isElsewhere = scope.getDistributionPoint() != null
                && !Pointers.addresses(scope.getDistributionPoint()).contains(from);
        if (isOther || isElsewhere) {
            throw new IOException("revocation list: for other certificates than those that name " + from);
        }
    }
}
