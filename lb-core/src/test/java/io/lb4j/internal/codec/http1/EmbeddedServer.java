package io.lb4j.internal.codec.http1;

import io.lb4j.internal.loop.LoopContext;

/** A server connection on an embedded channel, with its client. */
final class EmbeddedServer implements AutoCloseable {
    private final EmbeddedPeer client = new EmbeddedPeer();
    private final Received received = new Received();
    private final Http1ServerConnection connection;

    EmbeddedServer() {
        this(Http1Limits.defaults());
    }

    EmbeddedServer(Http1Limits limits) {
        LoopContext loop = new LoopContext(client.channel().eventLoop(), 0);
        connection = new Http1ServerConnection(loop, new TestConnection(), received, limits);
        client.channel().pipeline().addLast(connection);
    }

    EmbeddedPeer client() {
        return client;
    }

    Received received() {
        return received;
    }

    Http1ServerConnection connection() {
        return connection;
    }

    @Override
    public void close() {
        client.close();
    }
}
