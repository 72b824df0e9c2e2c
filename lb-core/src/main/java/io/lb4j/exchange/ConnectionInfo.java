package io.lb4j.exchange;

import io.lb4j.http.Version;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;

/** What is known of a client's connection. Immutable but for {@link #remoteAddress()}, which a QUIC connection may change,
 * and {@link #figures()}. */
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

    /**
     * Returns whether the handshake is over. Before that, what arrives is early data: somebody who listened may have sent it again, so that
     * only safe requests are let through, marked with {@code Early-Data: 1} (RFC 8470); others are answered with 425. By default it is.
     */
    default boolean isHandshakeComplete() {
        return true;
    }

    /**
     * Returns whether a request for this host may come by this connection. It may not, and is answered 421 (RFC 9110 §15.5.20), if the
     * client asked for another name in the TLS handshake, and a connection for this host would have been set up with another
     * certificate. By default it may.
     *
     * @param host lower case, without port and trailing dot
     */
    default boolean isAuthoritativeFor(String host) {
        return true;
    }

    /**
     * Returns what has been measured of the connection, by names that its protocol has: of HTTP/3 the round trip, the congestion window, octets and packets. A
     * second old at the most while requests are open; what it had come to once the connection has ended. Nothing by default.
     */
    default Map<String, Long> figures() {
        return Map.of();
    }
}
