package io.lb4j.benchmarks;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;

/** Makes connections of HTTP/1.1 that take no time and reach nobody. */
final class InstantConnector implements Connector {
    @Override
    public void connect(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome) {
        loop.eventLoop().execute(() -> outcome.onConnected(new Connection(events)));
    }

    @Override
    public int expectedCapacity() {
        return 1;
    }

    /** Serves one request at a time. */
    static final class Connection implements ClientConnection {
        private final Events events;
        private final SilentStream stream = new SilentStream(this::ended);
        private boolean busy;
        private boolean draining;
        private boolean closed;

        Connection(Events events) {
            this.events = events;
        }

        private void ended() {
            busy = false;
            if (draining) {
                close();
            } else {
                events.onCapacity(this);
            }
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }

        @Override
        public int capacity() {
            return busy || !isUsable() ? 0 : 1;
        }

        @Override
        public int activeStreams() {
            return busy ? 1 : 0;
        }

        @Override
        public boolean isUsable() {
            return !draining && !closed;
        }

        @Override
        public ClientStream open(ResponseListener listener) {
            busy = true;
            return stream;
        }

        @Override
        public void drain() {
            if (!draining) {
                draining = true;
                events.onDraining(this);
                if (!busy) {
                    close();
                }
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                events.onClosed(this, new ProxyException(Kind.DRAINED, "closed"));
            }
        }
    }
}
