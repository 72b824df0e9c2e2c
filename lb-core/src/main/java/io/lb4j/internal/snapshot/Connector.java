package io.lb4j.internal.snapshot;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import java.util.Map;
import java.util.Optional;

/** Makes connections to the endpoints of one cluster: address, transport, TLS and protocol. Thread-safe. */
public interface Connector {
    /**
     * Begins to connect.
     *
     * @param events hears of the connection once it stands
     * @param outcome is called once, on the loop, not before this call has returned
     */
    void connect(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome);

    /**
     * Returns whether connections that another connector has made are as good as this one's own: they speak the same protocol, secured,
     * carried and introduced in the same way. How long it may take to make one does not matter. Its own are by default.
     */
    default boolean connectsLike(Connector other) {
        return this == other;
    }

    /** Returns how many streams a connection is likely to take: what to reckon with while it is being made. */
    int expectedCapacity();

    /**
     * Returns a connector whose connections tell the endpoint which client they are made for; this one, where they tell nothing of clients,
     * and are for all of them.
     */
    default Connector forClient(ConnectionInfo client) {
        return this;
    }

    /** Returns whether connections tell the endpoint which client they are made for, so that each client has its own. */
    default boolean namesClients() {
        return false;
    }

    /**
     * Returns a connector to the same endpoints that speaks HTTP/1.1 alone; empty where that is not agreed on by TLS but fixed. It needs no
     * closing of its own.
     */
    default Optional<Connector> forHttp1() {
        return Optional.empty();
    }

    /** Returns whether an endpoint is to be connected to in this way at all. */
    default boolean serves(Endpoint endpoint) {
        return true;
    }

    /** An endpoint has said where else it serves; returns whether that was for the balancer to know. By default nobody wants to. */
    default boolean onAltSvc(Endpoint endpoint, String value) {
        return false;
    }

    /** Returns what further transports have counted, by the name of each. Thread-safe. */
    default Map<String, Map<String, Long>> transportFigures() {
        return Map.of();
    }

    /** Makes no more connections, and gives back what making them takes. By default it takes nothing. */
    default void close() {}

    /** How an attempt to connect ended. */
    interface Outcome {
        /** The connection is ready for requests. */
        void onConnected(ClientConnection connection);

        /** There is no connection. */
        void onFailed(ProxyException reason);
    }
}
