package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import java.util.ArrayList;
import java.util.List;

/** A client connection on an embedded channel, with its endpoint. */
final class EmbeddedClient implements AutoCloseable {
    private final EmbeddedPeer endpoint = new EmbeddedPeer();
    private final Events events = new Events();
    private final Http1ClientConnection connection;

    /** Writes down what the pool would hear. */
    static final class Events implements ClientConnection.Events {
        private final List<String> calls = new ArrayList<>();
        private final List<ProxyException> reasons = new ArrayList<>();

        @Override
        public void onCapacity(ClientConnection connection) {
            calls.add("capacity " + connection.capacity());
        }

        @Override
        public void onDraining(ClientConnection connection) {
            calls.add("draining");
        }

        @Override
        public void onClosed(ClientConnection connection, ProxyException reason) {
            calls.add("closed");
            reasons.add(reason);
        }

        List<String> calls() {
            return List.copyOf(calls);
        }

        ProxyException closeReason() {
            return reasons.get(0);
        }
    }

    EmbeddedClient() {
        this(Http1Limits.defaults());
    }

    EmbeddedClient(Http1Limits limits) {
        LoopContext loop = new LoopContext(endpoint.channel().eventLoop(), 0);
        connection = new Http1ClientConnection(loop, events, limits);
        endpoint.channel().pipeline().addLast(connection);
    }

    /** Returns the head of a request for {@code a}. */
    static RequestHead head(Method method, String target) {
        return new RequestHead().method(method).authority("a").target(target);
    }

    /** Opens a stream and writes a GET on it. */
    ClientStream get(Heard heard) {
        ClientStream stream = connection.open(heard);
        stream.writeHead(head(Method.GET, "/"), true);
        endpoint.turn();
        return stream;
    }

    EmbeddedPeer endpoint() {
        return endpoint;
    }

    Events events() {
        return events;
    }

    Http1ClientConnection connection() {
        return connection;
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
