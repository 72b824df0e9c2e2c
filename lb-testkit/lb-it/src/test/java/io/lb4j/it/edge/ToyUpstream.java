package io.lb4j.it.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import io.lb4j.spi.UpstreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A protocol towards endpoints that needs no network: its connections answer by themselves, with the name of the event loop that they are on. Written
 * as an extension would be: on public packages alone.
 */
final class ToyUpstream implements UpstreamTransport {
    /** What becomes of an attempt to connect. */
    enum Mode {
        CONNECTS,
        FAILS,
        NEVER_ANSWERS,
        THROWS
    }

    final AtomicInteger attempts = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closedConnectors = new AtomicInteger();
    final List<Context> contexts = new CopyOnWriteArrayList<>();
    final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();
    final List<String> altSvc = new CopyOnWriteArrayList<>();
    volatile boolean knowsEndpoints = true;
    volatile Mode mode;

    ToyUpstream(Mode mode) {
        this.mode = mode;
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Connector open(Context context) {
        contexts.add(context);
        return new Connector() {
            @Override
            public void connect(Endpoint endpoint, EventLoop loop, ClientConnection.Events events, Outcome outcome) {
                attempts.incrementAndGet();
                switch (mode) {
                    case CONNECTS ->
                        loop.execute(() -> {
                            opened.incrementAndGet();
                            loops.add(loop);
                            outcome.onConnected(new ToyConnection(events));
                        });
                    case FAILS ->
                        loop.execute(() -> outcome.onFailed(
                                new ProxyException(Kind.CONNECT_FAILED, Delivery.UNPROCESSED, "toys are away", null)));
                    case NEVER_ANSWERS -> {}
                    case THROWS -> throw new IllegalStateException("a toy is broken");
                }
            }

            @Override
            public int expectedCapacity() {
                return 100;
            }

            @Override
            public Map<String, Long> figures() {
                return Map.of("connections", opened.longValue());
            }

            @Override
            public boolean serves(Endpoint endpoint) {
                return knowsEndpoints;
            }

            @Override
            public boolean onAltSvc(Endpoint endpoint, String value) {
                altSvc.add(endpoint.port() + " " + value);
                return false;
            }

            @Override
            public void close() {
                closedConnectors.incrementAndGet();
            }
        };
    }

    /** Answers every request with what it was. */
    private static final class ToyConnection implements ClientConnection {
        private final Events events;
        private int active;
        private boolean closing;
        private boolean closed;

        ToyConnection(Events events) {
            this.events = events;
        }

        @Override
        public Version version() {
            return Version.HTTP_3;
        }

        @Override
        public int capacity() {
            return closing ? 0 : 100 - active;
        }

        @Override
        public int activeStreams() {
            return active;
        }

        @Override
        public boolean isUsable() {
            return !closing;
        }

        @Override
        public ClientStream open(ResponseListener listener) {
            active++;
            return new ToyStream(this, listener);
        }

        void ended() {
            active--;
            events.onCapacity(this);
            if (closing && active == 0) {
                close();
            }
        }

        @Override
        public void drain() {
            if (!closing) {
                closing = true;
                events.onDraining(this);
            }
            if (active == 0) {
                close();
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                closing = true;
                events.onClosed(this, new ProxyException(Kind.UPSTREAM_CLOSED, "closed"));
            }
        }
    }

    /** One request, answered when it has ended. */
    private static final class ToyStream implements ClientStream {
        private final ToyConnection connection;
        private final ResponseListener listener;
        private final StringBuilder seen = new StringBuilder();
        private boolean over;

        ToyStream(ToyConnection connection, ResponseListener listener) {
            this.connection = connection;
            this.listener = listener;
        }

        @Override
        public void writeHead(RequestHead head, boolean end) {
            seen.append(head.method()).append(' ').append(head.target()).append(' ');
            endIf(end);
        }

        @Override
        public void writeData(ByteBuf data, boolean end) {
            seen.append(data.toString(ISO_8859_1));
            data.release();
            endIf(end);
        }

        @Override
        public void writeTrailers(Fields trailers) {
            endIf(true);
        }

        private void endIf(boolean end) {
            if (!end || over) {
                return;
            }
            over = true;
            ResponseHead head = new ResponseHead().status(200);
            head.fields().add(FieldName.of("x-upstream"), "toy");
            listener.onHead(head, false);
            listener.onData(Unpooled.copiedBuffer(seen, ISO_8859_1), true);
            connection.ended();
        }

        @Override
        public void reset(ResetCode code) {
            if (!over) {
                over = true;
                connection.ended();
            }
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void pauseReading() {
            // the whole answer is there at once
        }

        @Override
        public void resumeReading() {
            // the whole answer is there at once
        }
    }
}
