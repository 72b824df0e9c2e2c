package io.lb4j.internal.proxy;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.FilterSink;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.stats.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** An exchange as its filter chain sees it. Confined to the exchange's event loop. */
final class ChainSink implements FilterSink {
    private final ProxyExchange exchange;

    ChainSink(ProxyExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    @Override
    public LoopContext loop() {
        return exchange.conductor.runtime().loop();
    }

    @Override
    public AccessRecord access() {
        return exchange.conductor.runtime().recorder().recordOf(exchange);
    }

    @Override
    public void passRequestHead(boolean end) {
        exchange.guarded(() -> exchange.act(end));
    }

    @Override
    public void passRequestData(ByteBuf data, boolean end) {
        exchange.requestLeg.send(data, end);
    }

    @Override
    public void passRequestTrailers(Fields trailers) {
        exchange.requestLeg.send(trailers);
    }

    @Override
    public void passResponseHead(ResponseHead head, boolean end) {
        HopByHop.strip(head.fields()); // a filter may have set some
        exchange.responseLeg.send(head, end);
    }

    @Override
    public void passResponseData(ByteBuf data, boolean end) {
        exchange.responseLeg.send(data, end);
    }

    @Override
    public void passResponseTrailers(Fields trailers) {
        HopByHop.strip(trailers);
        exchange.responseLeg.send(trailers);
    }

    @Override
    public void holdRequest(boolean hold) {
        exchange.requestLeg.holdForFilter(hold);
    }

    @Override
    public void holdResponse(boolean hold) {
        exchange.responseLeg.holdForFilter(hold);
    }

    @Override
    public void reply(ResponseHead head, ByteBuf body) {
        exchange.reply(head, body);
    }

    @Override
    public void clearRoute() throws ProxyException {
        exchange.rematch();
    }

    @Override
    public Optional<ClusterRequest> forwarded() {
        boolean isOnItsWay = exchange.cluster == null && !exchange.responseLeg.isBegun() && !exchange.isEnded();
        return isOnItsWay ? RouteCall.of(exchange) : Optional.empty();
    }

    @Override
    public void tellOfClient() {
        if (exchange.cluster == null && !exchange.isEnded()) {
            ToldClient.tell(exchange);
        }
    }

    @Override
    public boolean push(RequestHead promised) {
        return !exchange.isEnded() && PushedRequest.promise(exchange, promised);
    }

    @Override
    public void failInChain(ProxyException reason) {
        exchange.fail(reason);
    }

    @Override
    public boolean isOver() {
        return exchange.isEnded();
    }
}
