package io.lb4j.internal.filter;

import io.lb4j.exchange.AttributeKey;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Optional;

/** One filter's place in one exchange: the exchange as this filter handles it. Confined to the exchange's event loop. */
final class Seat implements FilterExchange {
    private final ChainRun run;
    private final Plugin plugin;
    private final Exchange exchange;
    private final Filter filter;

    Seat(ChainRun run, Plugin plugin) {
        this.run = run;
        this.plugin = plugin;
        this.exchange = run.sink().exchange();
        this.filter = plugin.filter(this);
    }

    Filter filter() {
        return filter;
    }

    Plugin plugin() {
        return plugin;
    }

    @Override
    public void resumeRequest() {
        onLoop(() -> run.resumeRequest(this));
    }

    @Override
    public void resumeResponse() {
        onLoop(() -> run.resumeResponse(this));
    }

    @Override
    public void reply(ResponseHead head, ByteBuf body) {
        ResponseHead copy = head.copy();
        onLoop(() -> run.reply(this, copy, body));
    }

    @Override
    public void clearRoute() {
        run.sink().clearRoute();
    }

    /** A filter may call from anywhere; what follows happens on the loop. */
    private void onLoop(Runnable action) {
        EventLoop eventLoop = exchange.eventLoop();
        if (eventLoop.inEventLoop()) {
            action.run();
        } else {
            eventLoop.execute(action);
        }
    }

    @Override
    public long id() {
        return exchange.id();
    }

    @Override
    public ConnectionInfo connection() {
        return exchange.connection();
    }

    @Override
    public EventLoop eventLoop() {
        return exchange.eventLoop();
    }

    @Override
    public RequestHead request() {
        return exchange.request();
    }

    @Override
    public Optional<ResponseHead> response() {
        return exchange.response();
    }

    @Override
    public Optional<String> route() {
        return exchange.route();
    }

    @Override
    public Optional<String> cluster() {
        return exchange.cluster();
    }

    @Override
    public Optional<Endpoint> endpoint() {
        return exchange.endpoint();
    }

    @Override
    public int tries() {
        return exchange.tries();
    }

    @Override
    public long startNanos() {
        return exchange.startNanos();
    }

    @Override
    public <T> Optional<T> attribute(AttributeKey<T> key) {
        return exchange.attribute(key);
    }

    @Override
    public <T> void attribute(AttributeKey<T> key, T value) {
        exchange.attribute(key, value);
    }
}
