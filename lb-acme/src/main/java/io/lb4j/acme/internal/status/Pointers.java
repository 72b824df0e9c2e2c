package io.lb4j.acme.internal.status;

import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.jspecify.annotations.Nullable;

/** Where a certificate says that its status can be had: a responder (RFC 6960 §3.1), lists (RFC 5280 §4.2.1.13). */
final class Pointers {
    private Pointers() {}

    /** Returns the address of the responder. */
    static Optional<URI> responder(X509Certificate certificate) throws IOException {
        byte[] value = certificate.getExtensionValue(Extension.authorityInfoAccess.getId());
        if (value == null) {
            return Optional.empty();
        }
        try {
            for (AccessDescription each : AuthorityInformationAccess.getInstance(
                            JcaX509ExtensionUtils.parseExtensionValue(value))
                    .getAccessDescriptions()) {
                Optional<URI> address = web(each.getAccessLocation());
                if (each.getAccessMethod().equals(AccessDescription.id_ad_ocsp) && address.isPresent()) {
                    return address;
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException("authority information access: cannot be read", e);
        }
    }

    /** Returns the addresses of the list that the certificate would be in, any of which will do. */
    static List<URI> lists(X509Certificate certificate) throws IOException {
        byte[] value = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
        if (value == null) {
            return List.of();
        }
        List<URI> lists = new ArrayList<>();
        try {
            for (DistributionPoint each : CRLDistPoint.getInstance(JcaX509ExtensionUtils.parseExtensionValue(value))
                    .getDistributionPoints()) {
                // One that is for some reasons only, or of another issuer, is no answer on its own.
                if (each.getReasons() == null && each.getCRLIssuer() == null) {
                    lists.addAll(addresses(each.getDistributionPoint()));
                }
            }
            return lists;
        } catch (IllegalArgumentException e) {
            throw new IOException("distribution points: cannot be read", e);
        }
    }

    static List<URI> addresses(@Nullable DistributionPointName name) {
        if (name == null || name.getType() != DistributionPointName.FULL_NAME) {
            return List.of();
        }
        List<URI> all = new ArrayList<>();
        for (GeneralName each : GeneralNames.getInstance(name.getName()).getNames()) {
            web(each).ifPresent(all::add);
        }
        return all;
    }

    private static Optional<URI> web(GeneralName name) {
        if (name.getTagNo() != GeneralName.uniformResourceIdentifier) {
            return Optional.empty();
        }
        URI address = URI.create(name.getName().toString());
        boolean isWeb = "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
        return isWeb && address.getHost() != null ? Optional.of(address) : Optional.empty();
    }
}
