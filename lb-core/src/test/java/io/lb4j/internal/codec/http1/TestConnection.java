package io.lb4j.internal.codec.http1;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.Version;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** A client's connection as a listener would describe it. */
record TestConnection() implements ConnectionInfo {
    @Override
    public long id() {
        return 1;
    }

    @Override
    public String listener() {
        return "test";
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("client", 1024);
    }

    @Override
    public SocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("proxy", 80);
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
