package io.lb4j.plugins.wasm;

import io.lb4j.exchange.TlsInfo;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What guests may know of a connection's TLS. */
final class CertificateProperties {
    private static final int DNS = 2;
    private static final int URI = 6;

    private CertificateProperties() {}

    static @Nullable Object find(TlsInfo tls, String name) {
        return switch (name) {
            case "tls_version" -> tls.protocol();
            case "requested_server_name" -> tls.serverName().orElse(null);
            default ->
                tls.peerCertificates().isEmpty()
                        ? null
                        : ofPeer(tls.peerCertificates().get(0), name);
        };
    }

    private static @Nullable Object ofPeer(X509Certificate peer, String name) {
        return switch (name) {
            case "subject_peer_certificate" -> peer.getSubjectX500Principal().getName();
            case "dns_san_peer_certificate" -> alternative(peer, DNS);
            case "uri_san_peer_certificate" -> alternative(peer, URI);
            case "sha256_peer_certificate_digest" -> digest(peer);
            default -> null;
        };
    }

    private static @Nullable String alternative(X509Certificate peer, int kind) {
        try {
            Collection<List<?>> names = peer.getSubjectAlternativeNames();
            if (names == null) {
                return null;
            }
            return names.stream()
                    .filter(each -> each.get(0).equals(kind))
                    .map(each -> String.valueOf(each.get(1)))
                    .findFirst()
                    .orElse(null);
        } catch (CertificateParsingException e) {
            return null; // names that nobody can read are none
        }
    }

    private static String digest(X509Certificate peer) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(peer.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 of a certificate that the handshake has read", e);
        }
    }
}
