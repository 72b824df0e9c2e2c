package io.lb4j.internal.upstream;

import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.UpstreamTransport;
import io.netty.channel.EventLoop;

/** A transport that is not asked for connections. */
final class NoTransport implements UpstreamTransport.Connector {
    @Override
    public void connect(
            Endpoint endpoint, EventLoop loop, ClientConnection.Events events, UpstreamTransport.Outcome outcome) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int expectedCapacity() {
        return 1;
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
