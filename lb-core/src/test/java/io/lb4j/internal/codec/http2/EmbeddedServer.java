package io.lb4j.internal.codec.http2;

import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A server's connection on an embedded channel, with its client and with what it has received. */
final class EmbeddedServer implements AutoCloseable, RequestReceiver {
    private final EmbeddedPeer client = new EmbeddedPeer();
    private final Http2ServerConnection connection;
    private final List<Exchange> exchanges = new ArrayList<>();
    private BiConsumer<Exchange, Boolean> onRequest = (exchange, end) -> {};

    /** A request that came in. */
    record Exchange(
            ServerStream stream,
            RequestHead head,
            Heard heard,
            @Nullable ProxyException refusal) {
        void respond(int status, boolean end, String... namesAndValues) {
            stream.writeHead(head(status, namesAndValues), end);
        }

        void write(String text, boolean end) {
            stream.writeData(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), end);
        }

        static ResponseHead head(int status, String... namesAndValues) {
            ResponseHead head = new ResponseHead().status(status);
            for (int i = 0; i < namesAndValues.length; i += 2) {
                head.fields().add(namesAndValues[i], namesAndValues[i + 1]);
            }
            return head;
        }
    }

    EmbeddedServer() {
        this(Http2Limits.defaults());
    }

    EmbeddedServer(Http2Limits limits) {
        LoopContext loop = new LoopContext(client.channel().eventLoop(), 0);
        connection = new Http2ServerConnection(loop, new TestServer.Info(client.channel()), this, limits);
        client.channel().pipeline().addLast(connection);
        client.runTasks();
    }

    /** Greets as a client does. */
    EmbeddedServer greeted(int... settings) {
        client.send(Frames.preface(), Frames.settings(settings), Frames.settingsAck());
        return this;
    }

    /** Calls back with each request. */
    EmbeddedServer onRequest(BiConsumer<Exchange, Boolean> action) {
        onRequest = action;
        return this;
    }

    @Override
    public StreamListener onRequest(ServerStream stream, RequestHead head, boolean end) {
        Exchange exchange = new Exchange(stream, head, new Heard(), null);
        exchanges.add(exchange);
        onRequest.accept(exchange, end);
        return exchange.heard();
    }

    @Override
    public void onRefusal(ServerStream stream, RequestHead head, ProxyException refusal) {
        Exchange exchange = new Exchange(stream, head, new Heard(), refusal);
        exchanges.add(exchange);
        onRequest.accept(exchange, true);
    }

    EmbeddedPeer client() {
        return client;
    }

    EmbeddedServer send(ByteBuf... buffers) {
        client.send(buffers);
        return this;
    }

    Http2ServerConnection connection() {
        return connection;
    }

    List<Exchange> exchanges() {
        return exchanges;
    }

    Exchange exchange(int index) {
        return exchanges.get(index);
    }

    @Override
    public void close() {
        client.close();
    }
}
