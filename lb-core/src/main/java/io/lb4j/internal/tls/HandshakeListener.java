package io.lb4j.internal.tls;

import org.jspecify.annotations.Nullable;

/**
 * Hears, on the connection's event loop, how a TLS handshake with a client ended: one call, once; none for a handshake
 * that only answered a challenge (RFC 8737).
 */
public interface HandshakeListener {
    /** The handshake is over; what the client sends from now on reaches the handlers that follow in the pipeline. */
    void onSecured(TlsSession session);

    /**
     * The handshake failed. The connection is closed afterwards by whoever calls.
     *
     * @param cause what the engine said, where it was asked
     */
    void onFailure(HandshakeFailure reason, @Nullable Throwable cause);
}
