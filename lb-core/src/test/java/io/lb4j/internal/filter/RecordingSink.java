package io.lb4j.internal.filter;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.internal.snapshot.FilterSink;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.stats.AccessRecord;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An exchange around a chain, on the test's thread: it keeps what comes out of the chain as lines, and answers replies as the conductor does. */
final class RecordingSink implements FilterSink {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final LoopContext loop = new LoopContext(channel.eventLoop(), 0);
    private final RequestHead request = new RequestHead();
    private final List<String> lines = new ArrayList<>();
    private final Exchange exchange;
    private @Nullable FilterRun run;
    private boolean over;
    private boolean sent;

    RecordingSink() {
        exchange = (Exchange) Proxy.newProxyInstance(
                Exchange.class.getClassLoader(), new Class<?>[] {Exchange.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "request" -> request;
                        case "eventLoop" -> eventLoop();
                        case "id" -> 7L;
                        case "response", "route", "cluster", "endpoint" -> Optional.empty();
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private EventLoop eventLoop() {
        return channel.eventLoop();
    }

    /** Begins with the plugins that want to; the run must be there. */
    FilterRun start(ChainEntry... entries) {
        FilterRun started = FilterChain.of(List.of(entries)).start(this, request);
        if (started == null) {
            throw new AssertionError("run: none (expected: one)");
        }
        run = started;
        return started;
    }

    RequestHead request() {
        return request;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Runs what is to happen on the loop. */
    void runTasks() {
        channel.runPendingTasks();
    }

    void endExchange() {
        over = true;
        if (run != null) {
            run.end();
        }
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    @Override
    public LoopContext loop() {
        return loop;
    }

    @Override
    public AccessRecord access() {
        throw new UnsupportedOperationException("access");
    }

    @Override
    public void passRequestHead(boolean end) {
        lines.add("request " + request.target() + (end ? " end" : ""));
    }

    @Override
    public void passRequestData(ByteBuf data, boolean end) {
        add("data", data, end);
    }

    private void add(String what, ByteBuf data, boolean end) {
        lines.add(what + " " + data.toString(StandardCharsets.US_ASCII) + (end ? " end" : ""));
        data.release();
    }

    @Override
    public void passRequestTrailers(Fields trailers) {
        lines.add("trailers " + trailers.toString().strip());
    }

    @Override
    public void passResponseHead(ResponseHead head, boolean end) {
        sent = true;
        lines.add("response " + head.status() + (end ? " end" : ""));
    }

    @Override
    public void passResponseData(ByteBuf data, boolean end) {
        add("body", data, end);
    }

    @Override
    public void passResponseTrailers(Fields trailers) {
        lines.add("response trailers " + trailers.toString().strip());
    }

    @Override
    public void holdRequest(boolean hold) {
        lines.add(hold ? "hold request" : "read request");
    }

    @Override
    public void holdResponse(boolean hold) {
        lines.add(hold ? "hold response" : "read response");
    }

    @Override
    public void reply(ResponseHead head, ByteBuf body) {
        FilterRun current = run;
        if (sent || current == null) {
            body.release();
            lines.add("cut");
            endExchange();
            return;
        }
        current.answeredHere();
        boolean end = !body.isReadable();
        current.responseHead(head, end);
        if (end || over) {
            body.release();
        } else {
            current.responseData(body, true);
        }
    }

    @Override
    public void clearRoute() {
        lines.add("route");
    }

    @Override
    public Optional<ClusterRequest> forwarded() {
        return Optional.empty();
    }

    @Override
    public void tellOfClient() {
        lines.add("tell of the client");
    }

    @Override
    public boolean push(RequestHead promised) {
        lines.add("push " + promised.target());
        return true;
    }

    @Override
    public void failInChain(ProxyException reason) {
        lines.add("failed " + reason.kind().reason());
        endExchange();
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
