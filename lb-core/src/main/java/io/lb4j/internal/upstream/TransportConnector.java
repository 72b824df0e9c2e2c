package io.lb4j.internal.upstream;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.UpstreamTransport;
import java.util.Map;

/** Connects by a transport that an extension brings. Thread-safe. */
public final class TransportConnector implements Connector {
    private final String name;
    private final UpstreamTransport.Connector transport;
    private final Object kind;

    /**
     * Takes a transport's connector over; it is closed with this one.
     *
     * @param name of the transport
     * @param kind equals that of another connector whose connections are alike
     */
    public TransportConnector(String name, UpstreamTransport.Connector transport, Object kind) {
        this.name = name;
        this.transport = transport;
        this.kind = kind;
    }

    @Override
    public boolean connectsLike(Connector other) {
        return other instanceof TransportConnector connector && kind.equals(connector.kind);
    }

    @Override
    public void connect(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome) {
        try {
            transport.connect(endpoint, loop.eventLoop(), events, new UpstreamTransport.Outcome() {
                @Override
                public void onConnected(ClientConnection connection) {
                    outcome.onConnected(connection);
                }

                @Override
                public void onFailed(ProxyException reason) {
                    outcome.onFailed(reason);
                }
            });
        } catch (RuntimeException e) {
            ProxyException failure = new ProxyException(
                    Kind.CONNECT_FAILED,
                    Delivery.UNPROCESSED,
                    endpoint.address() + ": the transport failed: " + e.getMessage(),
                    e);
            loop.eventLoop().execute(() -> outcome.onFailed(failure));
        }
    }

    @Override
    public int expectedCapacity() {
        return Math.max(1, transport.expectedCapacity());
    }

    @Override
    public boolean serves(Endpoint endpoint) {
        return transport.serves(endpoint);
    }

    @Override
    public boolean onAltSvc(Endpoint endpoint, String value) {
        return transport.onAltSvc(endpoint, value);
    }

    @Override
    public Map<String, Map<String, Long>> transportFigures() {
        return Map.of(name, transport.figures());
    }

    @Override
    public void close() {
        transport.close();
    }
}
