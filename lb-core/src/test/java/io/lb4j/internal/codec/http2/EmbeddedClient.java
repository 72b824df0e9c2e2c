package io.lb4j.internal.codec.http2;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A client's connection on an embedded channel, with its endpoint and with what its pool hears. */
final class EmbeddedClient implements AutoCloseable, ClientConnection.Events {
    private final EmbeddedPeer endpoint = new EmbeddedPeer();
    private final Http2ClientConnection connection;
    private int capacityChanges;
    private int drainings;
    private int closings;
    private @Nullable ProxyException closeReason;

    EmbeddedClient() {
        this(Http2Limits.defaults());
    }

    EmbeddedClient(Http2Limits limits) {
        endpoint.expectPreface(FrameReader.PREFACE.length);
        connection =
                new Http2ClientConnection(new LoopContext(endpoint.channel().eventLoop(), 0), this, limits);
        endpoint.channel().pipeline().addLast(connection);
        endpoint.runTasks();
    }

    /** Greets as a server does. */
    EmbeddedClient greeted(int... settings) {
        endpoint.send(Frames.settings(settings), Frames.settingsAck());
        return this;
    }

    EmbeddedClient send(ByteBuf... buffers) {
        endpoint.send(buffers);
        return this;
    }

    /** Opens a stream for a request without a body. */
    Heard get(String target) {
        Heard heard = new Heard();
        connection.open(heard).writeHead(head(Method.GET, target), true);
        endpoint.runTasks();
        return heard;
    }

    /** Opens a stream for a request with a body. */
    ClientStream post(Heard heard) {
        ClientStream stream = connection.open(heard);
        stream.writeHead(head(Method.POST, "/upload"), false);
        endpoint.runTasks();
        return stream;
    }

    static RequestHead head(Method method, String target) {
        return new RequestHead()
                .method(method)
                .scheme("http")
                .authority("a.example")
                .target(target);
    }

    EmbeddedPeer endpoint() {
        return endpoint;
    }

    Frames frames() {
        return endpoint.frames();
    }

    Http2ClientConnection connection() {
        return connection;
    }

    int capacityChanges() {
        return capacityChanges;
    }

    int drainings() {
        return drainings;
    }

    int closings() {
        return closings;
    }

    @Nullable ProxyException closeReason() {
        return closeReason;
    }

    @Override
    public void onCapacity(ClientConnection which) {
        capacityChanges++;
    }

    @Override
    public void onDraining(ClientConnection which) {
        drainings++;
    }

    @Override
    public void onClosed(ClientConnection which, ProxyException reason) {
        closings++;
        closeReason = reason;
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
