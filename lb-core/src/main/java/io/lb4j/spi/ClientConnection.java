package io.lb4j.spi;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Version;

/**
 * A connection to an endpoint, ready for requests; implemented by an upstream protocol. Confined to one event loop. The pool that
 * holds it decides when a stream is opened; the connection says how many more it takes.
 */
public interface ClientConnection {
    /** Returns the protocol version that the connection speaks. */
    Version version();

    /**
     * Returns how many streams may be opened now: for HTTP/1.1, 1 while idle and otherwise 0; for HTTP/2 and HTTP/3 what the peer's limit
     * leaves. 0 for good once the connection is closing.
     */
    int capacity();

    /** Returns how many streams are open. */
    int activeStreams();

    /** Returns whether streams may be opened on it in the future: it is not closed, not closing and the peer has not said goodbye. */
    boolean isUsable();

    /**
     * Returns whether the endpoint has proven to be there. One that was handed over before may turn out to lead nowhere: another way to the endpoint is tried
     * beside it, and takes its place if it is faster. True by default.
     */
    default boolean isHandshakeComplete() {
        return true;
    }

    /**
     * Opens a stream. Requires {@code capacity() > 0}.
     *
     * @throws IllegalStateException if there is no capacity
     */
    ClientStream open(ResponseListener listener);

    /** Opens no more streams, and closes when those that are open have ended. Idempotent. */
    void drain();

    /** Closes at once; open streams fail. Idempotent. */
    void close();

    /** What a pool hears of its connections; on the connection's event loop. */
    interface Events {
        /** Capacity may have grown: a stream has ended, or the peer's limit was raised. */
        void onCapacity(ClientConnection connection);

        /** No more streams may be opened: the peer said goodbye, or the connection is being drained. Those open go on. */
        void onDraining(ClientConnection connection);

        /** The connection is gone. Comes once, last; also after a {@link #close()} of our own. */
        void onClosed(ClientConnection connection, ProxyException reason);
    }
}
