package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.ResponseListener;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The least that a proxy must be to join both codecs: connections are pooled, bodies held back where the other side is full. */
final class Relay implements RequestReceiver, ClientConnection.Events {
    private final LoopContext loop;
    private final Connector connector;
    private final ArrayDeque<ClientConnection> idle = new ArrayDeque<>();

    /** Creates a relay for one event loop. */
    Relay(LoopContext loop, Connector connector) {
        this.loop = loop;
        this.connector = connector;
    }

    /** Makes connections. */
    interface Connector {
        void connect(LoopContext loop, ClientConnection.Events events, Consumer<ClientConnection> onConnected);
    }

    @Override
    public StreamListener onRequest(ServerStream stream, RequestHead head, boolean end) {
        Exchange exchange = new Exchange(stream);
        strip(head.fields());
        ClientConnection connection = idle.poll();
        if (connection != null) {
            exchange.begin(connection, head, end);
        } else {
            stream.pauseReading();
            connector.connect(loop, this, connected -> {
                exchange.begin(connected, head, end);
                stream.resumeReading();
            });
        }
        return exchange;
    }

    @Override
    public void onRefusal(ServerStream stream, RequestHead head, ProxyException refusal) {
        stream.writeHead(new ResponseHead().status(400), true);
    }

    @Override
    public void onCapacity(ClientConnection connection) {
        idle.push(connection);
    }

    @Override
    public void onDraining(ClientConnection connection) {
        idle.remove(connection);
    }

    @Override
    public void onClosed(ClientConnection connection, ProxyException reason) {
        idle.remove(connection);
    }

    private static void strip(Fields fields) {
        fields.remove(FieldName.CONNECTION);
        fields.remove(FieldName.KEEP_ALIVE);
        fields.remove(FieldName.UPGRADE);
    }

    /** Both directions of one exchange. */
    private static final class Exchange implements StreamListener {
        private final ServerStream client;
        private final Response response = new Response();
        private @Nullable ClientStream upstream;
        private boolean isOver;

        Exchange(ServerStream client) {
            this.client = client;
        }

        void begin(ClientConnection connection, RequestHead head, boolean end) {
            ClientStream opened = connection.open(response);
            upstream = opened;
            opened.writeHead(head, end);
        }

        private ClientStream upstream() {
            ClientStream current = upstream;
            if (current == null) {
                throw new IllegalStateException("upstream: none (expected: open)");
            }
            return current;
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            upstream().writeData(data, end);
            if (!end && !upstream().isWritable()) {
                client.pauseReading();
            }
        }

        @Override
        public void onTrailers(Fields trailers) {
            upstream().writeTrailers(trailers);
        }

        @Override
        public void onFailure(ProxyException failure) {
            isOver = true;
            upstream().reset(ResetCode.CANCEL);
            if (failure.kind() != Kind.CLIENT_GONE) {
                client.writeHead(new ResponseHead().status(400), true);
            }
        }

        @Override
        public void onWritable() {
            upstream().resumeReading();
        }

        /** What comes from the endpoint. */
        private final class Response implements ResponseListener {
            private boolean isBegun;

            @Override
            public void onInformational(ResponseHead head) {
                client.writeInformational(head);
            }

            @Override
            public void onHead(ResponseHead head, boolean end) {
                isBegun = true;
                strip(head.fields());
                client.writeHead(head, end);
            }

            @Override
            public void onData(ByteBuf data, boolean end) {
                client.writeData(data, end);
                if (!end && !client.isWritable()) {
                    upstream().pauseReading();
                }
            }

            @Override
            public void onTrailers(Fields trailers) {
                client.writeTrailers(trailers);
            }

            @Override
            public void onFailure(ProxyException failure) {
                if (isOver) {
                    return;
                }
                if (isBegun) {
                    client.reset(ResetCode.INTERNAL_ERROR);
                } else {
                    client.writeHead(new ResponseHead().status(502), true);
                }
            }

            @Override
            public void onWritable() {
                client.resumeReading();
            }
        }
    }
}
