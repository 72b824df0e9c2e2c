package io.lb4j.benchmarks;

import io.lb4j.exchange.AttributeKey;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.Endpoint;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.Optional;

/** What policies that do not look at the request are asked with. */
final class NoExchange implements Exchange {
    private final EventLoop eventLoop = new DefaultEventLoop(); // starts no thread before it is used
    private final RequestHead request = new RequestHead();
    private final ConnectionInfo connection = new EmbeddedConnection();

    @Override
    public long id() {
        return 1;
    }

    @Override
    public ConnectionInfo connection() {
        return connection;
    }

    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public RequestHead request() {
        return request;
    }

    @Override
    public Optional<ResponseHead> response() {
        return Optional.empty();
    }

    @Override
    public Optional<String> route() {
        return Optional.empty();
    }

    @Override
    public Optional<String> cluster() {
        return Optional.empty();
    }

    @Override
    public Optional<Endpoint> endpoint() {
        return Optional.empty();
    }

    @Override
    public int tries() {
        return 0;
    }

    @Override
    public long startNanos() {
        return 0;
    }

    @Override
    public <T> Optional<T> attribute(AttributeKey<T> key) {
        return Optional.empty();
    }

    @Override
    public <T> void attribute(AttributeKey<T> key, T value) {
        // Nobody asks for it.
    }
}
