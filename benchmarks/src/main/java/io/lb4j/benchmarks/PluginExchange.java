package io.lb4j.benchmarks;

import io.lb4j.exchange.AttributeKey;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.FilterExchange;
import io.lb4j.stats.AccessRecord;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Optional;

/** An exchange for a plugin that is measured by itself: it has a head, and nothing comes of what is asked for. */
final class PluginExchange implements FilterExchange {
    private final NoExchange around = new NoExchange();

    @Override
    public int loop() {
        return 0;
    }

    @Override
    public void resumeRequest() {
        // Nothing waits.
    }

    @Override
    public void resumeResponse() {
        // Nothing waits.
    }

    @Override
    public void reply(ResponseHead head, ByteBuf body) {
        body.release();
    }

    @Override
    public void giveBody(ByteBuf body) {
        body.release();
    }

    @Override
    public void fail(Throwable fault) {
        throw new IllegalStateException(fault);
    }

    @Override
    public void clearRoute() {
        // There is none.
    }

    @Override
    public Optional<ClusterRequest> forwarded() {
        return Optional.empty();
    }

    @Override
    public void tellOfClient() {}

    @Override
    public boolean push(RequestHead request) {
        return false;
    }

    @Override
    public AccessRecord access() {
        throw new UnsupportedOperationException("access");
    }

    @Override
    public long id() {
        return around.id();
    }

    @Override
    public ConnectionInfo connection() {
        return around.connection();
    }

    @Override
    public EventLoop eventLoop() {
        return around.eventLoop();
    }

    @Override
    public RequestHead request() {
        return around.request();
    }

    @Override
    public Optional<ResponseHead> response() {
        return around.response();
    }

    @Override
    public Optional<String> route() {
        return around.route();
    }

    @Override
    public Optional<String> cluster() {
        return around.cluster();
    }

    @Override
    public Optional<Endpoint> endpoint() {
        return around.endpoint();
    }

    @Override
    public int tries() {
        return around.tries();
    }

    @Override
    public long startNanos() {
        return around.startNanos();
    }

    @Override
    public <T> Optional<T> attribute(AttributeKey<T> key) {
        return around.attribute(key);
    }

    @Override
    public <T> void attribute(AttributeKey<T> key, T value) {
        around.attribute(key, value);
    }
}
