package io.lb4j.http3;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.Version;
import io.netty.handler.codec.quic.QuicChannel;
import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What is known of a client's QUIC connection. Written on its event loop; may be read by all threads. */
final class ClientInfo implements ConnectionInfo {
    private final long id;
    private final String listener;
    private final SocketAddress localAddress;
    private final QuicTls tls;
    private final ConnectionMeter meter;
    private volatile SocketAddress remoteAddress;
    private volatile String serverName = "";
    private volatile boolean handshakeComplete;
    private volatile @Nullable TlsInfo tlsInfo;

    ClientInfo(Http3Plan plan, ConnectionMeter meter, QuicChannel channel) {
        id = plan.context().newConnectionId();
        listener = plan.listener().name();
        tls = plan.tls();
        this.meter = meter;
        // Taken once: the codec sets its own to the sender of any datagram, before it is known to be genuine.
        remoteAddress = Objects.requireNonNull(channel.remoteSocketAddress());
        localAddress = Objects.requireNonNull(channel.localSocketAddress());
    }

    /** The client has asked for a server name. */
    void serverName(String name) {
        serverName = QuicTls.normalized(name);
    }

    /** The client has moved to an address that it has proven. */
    void remoteAddress(SocketAddress proven) {
        remoteAddress = proven;
    }

    /**
     * The handshake is over.
     *
     * @param resumed whether it has resumed a session
     */
    void onHandshakeComplete(@Nullable SSLEngine engine, boolean resumed) {
        if (engine != null) {
            tlsInfo = describe(engine, resumed);
        }
        handshakeComplete = true;
    }

    private TlsInfo describe(SSLEngine engine, boolean resumed) {
        SSLSession session = engine.getSession();
        return new TlsInfo(
                session.getProtocol(),
                session.getCipherSuite(),
                name(),
                Optional.ofNullable(engine.getApplicationProtocol()),
                peerCertificates(session),
                resumed);
    }

    private static List<X509Certificate> peerCertificates(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // the client has shown none, which is its right where none is required
        }
        return chain;
    }

    private Optional<String> name() {
        return serverName.isEmpty() ? Optional.empty() : Optional.of(serverName);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public Version version() {
        return Version.HTTP_3;
    }

    @Override
    public Optional<TlsInfo> tls() {
        TlsInfo known = tlsInfo;
        // What comes before the handshake is over comes by a session that is resumed.
        return Optional.of(
                known == null ? new TlsInfo("TLSv1.3", "", name(), Optional.of(Http3.NAME), List.of(), true) : known);
    }

    @Override
    public Map<String, Long> figures() {
        return meter.reading().figures();
    }

    @Override
    public boolean isHandshakeComplete() {
        return handshakeComplete;
    }

    @Override
    public boolean isAuthoritativeFor(String host) {
        return serverName.isEmpty() || serverName.equals(host) || tls.isAuthoritative(serverName, host);
    }
}
