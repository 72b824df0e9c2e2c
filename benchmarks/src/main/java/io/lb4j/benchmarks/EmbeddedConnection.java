package io.lb4j.benchmarks;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.Version;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** A client's connection as a listener would describe it. Immutable. */
final class EmbeddedConnection implements ConnectionInfo {
    /** The name of the listener that it came by. */
    static final String LISTENER = "embedded";

    private final SocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
    private final SocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

    @Override
    public long id() {
        return 1;
    }

    @Override
    public String listener() {
        return LISTENER;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public SocketAddress localAddress() {
        return local;
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }

    @Override
    public Optional<TlsInfo> tls() {
        return Optional.empty();
    }
}
