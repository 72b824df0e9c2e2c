package io.lb4j.exchange;

import io.lb4j.http.Version;
import java.net.SocketAddress;
import java.util.Optional;

/** What is known of a client's connection. Immutable but for {@link #remoteAddress()}, which a QUIC connection may change. */
public interface ConnectionInfo {
    /** Returns a number that is unique in this process. */
    long id();

    /** Returns the name of the listener that accepted the connection. */
    String listener();

    /** Returns the client's address: the one that a trusted PROXY header names, or else the peer's. */
    SocketAddress remoteAddress();

    /** Returns the address that the client connected to. */
    SocketAddress localAddress();

    /** Returns the protocol version that the connection speaks. */
    Version version();

    /** Returns what was agreed in the TLS handshake; empty on a plain connection. */
    Optional<TlsInfo> tls();
}
