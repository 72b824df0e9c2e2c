package io.lb4j.testkit.tls;

import java.security.Principal;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * What a finished handshake agreed on, as one end saw it.
 *
 * @param protocol as the JDK names it: {@code TLSv1.2} or {@code TLSv1.3}
 * @param cipherSuite as IANA names it
 * @param applicationProtocol by ALPN (RFC 7301); empty if none was agreed
 * @param serverName by SNI (RFC 6066 §3); empty if the client sent none
 * @param peerSubject the subject of the peer's certificate; empty if the peer showed none
 */
public record TlsFacts(
        String protocol,
        String cipherSuite,
        Optional<String> applicationProtocol,
        Optional<String> serverName,
        Optional<String> peerSubject) {

    /**
     * Reads the facts from a socket whose handshake is done.
     *
     * @param socket a connected TLS socket
     * @return the facts
     */
    public static TlsFacts of(SSLSocket socket) {
        SSLSession session = socket.getSession();
        Optional<String> alpn =
                Optional.ofNullable(socket.getApplicationProtocol()).filter(name -> !name.isEmpty());
        return new TlsFacts(
                session.getProtocol(), session.getCipherSuite(), alpn, serverName(session), peerSubject(session));
    }

    private static Optional<String> serverName(SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) {
            return Optional.empty();
        }
        return extended.getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst();
    }

    private static Optional<String> peerSubject(SSLSession session) {
        try {
            return Optional.of(session.getPeerPrincipal()).map(Principal::getName);
        } catch (SSLPeerUnverifiedException e) {
            // The peer showed no certificate, which is what the empty value says.
            return Optional.empty();
        }
    }
}
