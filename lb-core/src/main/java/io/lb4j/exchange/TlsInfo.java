package io.lb4j.exchange;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * What a TLS handshake agreed on. Immutable.
 *
 * @param protocol the protocol's version, {@code TLSv1.3} for example
 * @param cipherSuite the cipher suite's registered name
 * @param serverName the name that the client asked for (RFC 6066 §3)
 * @param applicationProtocol the protocol agreed by ALPN (RFC 7301)
 * @param peerCertificates the client's certificate chain, its own first; empty without one
 * @param resumed whether an earlier session was resumed, as far as the TLS engine tells
 */
public record TlsInfo(
        String protocol,
        String cipherSuite,
        Optional<String> serverName,
        Optional<String> applicationProtocol,
        List<X509Certificate> peerCertificates,
        boolean resumed) {
    /** Copies what it is given. */
    public TlsInfo {
        peerCertificates = List.copyOf(peerCertificates);
    }
}
