package io.lb4j.internal.filter;

import io.lb4j.exchange.AttributeKey;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.Endpoint;
import io.netty.channel.EventLoop;
import java.util.Optional;

/** An exchange whose request costs nothing to ask for; all else is another's. */
record PlainExchange(Exchange other, RequestHead request) implements Exchange {
    @Override
    public long id() {
        return other.id();
    }

    @Override
    public ConnectionInfo connection() {
        return other.connection();
    }

    @Override
    public EventLoop eventLoop() {
        return other.eventLoop();
    }

    @Override
    public Optional<ResponseHead> response() {
        return other.response();
    }

    @Override
    public Optional<String> route() {
        return other.route();
    }

    @Override
    public Optional<String> cluster() {
        return other.cluster();
    }

    @Override
    public Optional<Endpoint> endpoint() {
        return other.endpoint();
    }

    @Override
    public int tries() {
        return other.tries();
    }

    @Override
    public long startNanos() {
        return other.startNanos();
    }

    @Override
    public <T> Optional<T> attribute(AttributeKey<T> key) {
        return other.attribute(key);
    }

    @Override
    public <T> void attribute(AttributeKey<T> key, T value) {
        other.attribute(key, value);
    }
}
