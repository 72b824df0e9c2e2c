package io.lb4j.examples.embedding;

import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A plugin of one's own: while it is on, requests that would change something are answered with 503 and never reach an endpoint; all others go on,
 * with a field that tells endpoints of it. Configuration: {@code retry_after}, in seconds; 60 by default.
 *
 * <p>It keeps nothing of an exchange, so that it is the filter of all of them itself.
 */
public final class Maintenance implements Plugin, Filter {
    private volatile boolean on; // by whoever runs the service
    private volatile long retryAfterSeconds = 60; // by init

    /** Turns it on or off, while requests are served. */
    public void turn(boolean nowOn) {
        on = nowOn;
    }

    @Override
    public String name() {
        return "maintenance";
    }

    @Override
    public String version() {
        return "1.0.0";
    }

    @Override
    public Type type() {
        return Type.REQUEST;
    }

    /** Called once, before the first exchange. What it throws is told where the configuration is refused. */
    @Override
    public void init(Map<String, Object> config) {
        Object seconds = config.getOrDefault("retry_after", retryAfterSeconds);
        if (!(seconds instanceof Long whole) || whole < 0) {
            throw new IllegalArgumentException("retry_after: " + seconds + " (expected: seconds, >= 0)");
        }
        retryAfterSeconds = whole;
    }

    @Override
    public boolean canHandle(Method method, String path) {
        return on;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return this;
    }

    @Override
    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        if (head.method().isSafe()) {
            head.fields().set("x-maintenance", "on");
            return Verdict.CONTINUE;
        }
        ResponseHead answer = new ResponseHead().status(503);
        answer.fields().set("retry-after", Long.toString(retryAfterSeconds)).set("content-type", "text/plain");
        exchange.reply(answer, Unpooled.copiedBuffer("back soon\n", StandardCharsets.UTF_8));
        return Verdict.CONTINUE; // the reply takes its place
    }
}
