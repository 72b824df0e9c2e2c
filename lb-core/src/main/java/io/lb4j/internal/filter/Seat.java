package io.lb4j.internal.filter;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.AttributeKey;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.stats.AccessRecord;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One filter's place in one exchange: the exchange as this filter handles it. Confined to the exchange's event loop. */
final class Seat implements FilterExchange {
    private final ChainRun run;
    private final ChainEntry entry;
    private final Exchange exchange;

    private @Nullable Filter filter; // once the exchange has come to it
    private @Nullable ProxyException refusal; // what an exchange that comes to it fails with
    private boolean aside; // takes no further part: it has failed
    private boolean calling;
    private boolean resumed; // in the direction of the present call
    private boolean replied;
    private long nanos; // that the exchange has been with it

    Seat(ChainRun run, ChainEntry entry, Exchange exchange) {
        this.run = run;
        this.entry = entry;
        this.exchange = exchange;
    }

    ChainEntry entry() {
        return entry;
    }

    PluginInstance instance() {
        return entry.instance();
    }

    /** Returns the filter if it takes part, or null. */
    @Nullable Filter filter() {
        return aside ? null : filter;
    }

    /** Returns the filter if there is one, even if it takes no further part, or null. */
    @Nullable Filter entered() {
        return filter;
    }

    void filter(Filter made) {
        filter = made;
    }

    @Nullable ProxyException refusal() {
        return refusal;
    }

    void refuse(ProxyException reason) {
        refusal = reason;
    }

    void stepAside() {
        aside = true;
    }

    boolean worksOnRequests() {
        Plugin.Type type = entry.instance().type();
        return type == Plugin.Type.BOTH || type == Plugin.Type.REQUEST;
    }

    boolean worksOnResponses() {
        Plugin.Type type = entry.instance().type();
        return type == Plugin.Type.BOTH || type == Plugin.Type.RESPONSE;
    }

    boolean isAccess() {
        return entry.instance().type() == Plugin.Type.ACCESS;
    }

    /** Returns whether exchanges go on without it when it fails. */
    boolean mayBeSkipped() {
        return entry.conduct().failsOpen() || isAccess();
    }

    void beginCall() {
        calling = true;
        resumed = false;
    }

    /** Ends a call; returns whether the filter has resumed within it what it may have wanted to pause. */
    boolean endCall() {
        calling = false;
        return resumed;
    }

    /** Answers; returns whether it is the first time. */
    boolean reply() {
        boolean first = !replied;
        replied = true;
        return first;
    }

    void spent(long more) {
        nanos += more;
    }

    long nanos() {
        return nanos;
    }

    @Override
    public int loop() {
        return run.loop().index();
    }

    @Override
    public void resumeRequest() {
        resume(true);
    }

    @Override
    public void resumeResponse() {
        resume(false);
    }

    private void resume(boolean request) {
        if (!eventLoop().inEventLoop()) {
            later(() -> resume(request));
        } else if (calling && run.isCallingOn(request)) {
            resumed = true;
        } else if (run.isCalling()) {
            later(() -> resume(request)); // one filter at a time
        } else {
            run.resume(this, request);
        }
    }

    @Override
    public void reply(ResponseHead head, ByteBuf body) {
        if (head.status() < 200) {
            body.release();
            throw new IllegalArgumentException("status: " + head.status() + " (expected: >= 200)");
        }
        ResponseHead copy = head.copy();
        if (eventLoop().inEventLoop()) {
            run.reply(this, copy, body);
        } else if (!later(() -> run.reply(this, copy, body))) {
            body.release();
        }
    }

    @Override
    public void giveBody(ByteBuf body) {
        if (!eventLoop().inEventLoop() || !calling || !run.giveBody(body)) {
            body.release();
            throw new IllegalStateException(
                    "giveBody: too late, or there is a body (expected: within onRequestHead, at the request's end)");
        }
    }

    /** Returns whether the loop has taken the action; it has not once it has shut down, and the exchange with it. */
    private boolean later(Runnable action) {
        try {
            eventLoop().execute(action);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // the exchange is over, and what is asked for is void
        }
    }

    @Override
    public void fail(Throwable fault) {
        if (run.isCalling()) {
            later(() -> fail(fault)); // one filter at a time
        } else {
            run.failed(this, fault);
        }
    }

    @Override
    public void clearRoute() {
        requireLoop("clearRoute");
        run.clearRoute();
    }

    @Override
    public Optional<ClusterRequest> forwarded() {
        requireLoop("forwarded");
        return run.isOver() || run.isAnswered() ? Optional.empty() : run.sink().forwarded();
    }

    @Override
    public void tellOfClient() {
        requireLoop("tellOfClient");
        if (!run.isOver()) {
            run.sink().tellOfClient();
        }
    }

    @Override
    public boolean push(RequestHead request) {
        requireLoop("push");
        boolean isPlain =
                (request.method().equals(Method.GET) || request.method().equals(Method.HEAD))
                        && !request.isUpgrade()
                        && !request.fields().contains(FieldName.CONTENT_LENGTH)
                        && !request.fields().contains(FieldName.TRANSFER_ENCODING);
        if (!isPlain) {
            throw new IllegalArgumentException("push: " + request + " (expected: GET or HEAD, without a body)");
        }
        return !run.isOver() && run.sink().push(request);
    }

    private void requireLoop(String what) {
        if (!eventLoop().inEventLoop()) {
            throw new IllegalStateException(what + ": " + Thread.currentThread() + " (expected: the event loop)");
        }
    }

    @Override
    public AccessRecord access() {
        return run.access();
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
    public Optional<InetAddress> clientAddress() {
        run.requireHeads();
        return exchange.clientAddress();
    }

    @Override
    public EventLoop eventLoop() {
        return exchange.eventLoop();
    }

    @Override
    public RequestHead request() {
        run.requireHeads();
        return exchange.request();
    }

    @Override
    public Optional<ResponseHead> response() {
        run.requireHeads();
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
    public boolean isPush() {
        return exchange.isPush();
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

    @Override
    public String toString() {
        return "exchange " + exchange.id() + " at plugin " + entry.instance();
    }
}
