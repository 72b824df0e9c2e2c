package io.lb4j.internal.tls;

import io.lb4j.exchange.TlsInfo;
import io.lb4j.spi.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What came of a client's handshake. Immutable in effect: what it computes late it computes alike each time. */
public final class TlsSession {
    private final SSLSession session;
    private final Optional<String> serverName;
    private final Optional<String> applicationProtocol;
    private final boolean resumed;
    private final Certificate certificate;
    private final ServerTls server;
    private @Nullable TlsInfo info; // a race of two threads makes two that are equal

    TlsSession(ServerTls server, Certificate certificate, Optional<String> serverName, EngineFacts facts) {
        this.server = server;
        this.certificate = certificate;
        this.serverName = serverName;
        session = facts.session();
        applicationProtocol = facts.applicationProtocol();
        resumed = facts.resumed();
    }

    /** Returns the protocol agreed by ALPN; empty if the client did not use it. */
    public Optional<String> applicationProtocol() {
        return applicationProtocol;
    }

    /** Returns whether an earlier session was resumed, as far as the engine tells. */
    public boolean isResumed() {
        return resumed;
    }

    /** Returns everything that extensions may know; made when it is first asked for. */
    public TlsInfo info() {
        TlsInfo known = info;
        if (known == null) {
            known = new TlsInfo(
                    session.getProtocol(),
                    session.getCipherSuite(),
                    serverName,
                    applicationProtocol,
                    peerCertificates(),
                    resumed);
            info = known;
        }
        return known;
    }

    /**
     * Returns whether a request for this host may come by this connection: the client asked for that very name, or for none, or a
     * connection for that host would have been set up in the same way. If not, the answer is 421 (RFC 9110 §15.5.20).
     *
     * @param host lower case, without port and trailing dot
     */
    public boolean isAuthoritativeFor(String host) {
        return serverName.isEmpty() || serverName.get().equals(host) || server.wouldShow(host, certificate);
    }

    private List<X509Certificate> peerCertificates() {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // the client showed none
        }
    }
}
