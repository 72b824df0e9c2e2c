package io.lb4j.internal.snapshot;

import io.lb4j.error.ProxyException;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;

/** Makes connections to the endpoints of one cluster: address, transport, TLS and protocol. Thread-safe. */
public interface Connector {
    /**
     * Begins to connect.
     *
     * @param events hears of the connection once it stands
     * @param outcome is called once, on the loop, not before this call has returned
     */
    void connect(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome);

    /** Returns how many streams a connection is likely to take: what to reckon with while it is being made. */
    int expectedCapacity();

    /** How an attempt to connect ended. */
    interface Outcome {
        /** The connection is ready for requests. */
        void onConnected(ClientConnection connection);

        /** There is no connection. */
        void onFailed(ProxyException reason);
    }
}
