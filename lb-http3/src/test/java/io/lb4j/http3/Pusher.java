package io.lb4j.http3;

import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Pushes what a request asks for in its fields, and notes what it is told. */
final class Pusher implements Plugin {
    private static final FieldName PUSH = FieldName.of("x-push");
    private static final FieldName HOST = FieldName.of("x-push-host");
    private static final FieldName WHEN = FieldName.of("x-push-when");

    private final BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();

    @Override
    public String name() {
        return "pusher";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Filter filter(FilterExchange made) {
        return new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                if (!head.fields().contains(WHEN)) {
                    pushFrom(exchange);
                }
                return Verdict.CONTINUE;
            }

            @Override
            public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
                if (exchange.request().fields().contains(WHEN)) {
                    pushFrom(exchange);
                }
                return Verdict.CONTINUE;
            }
        };
    }

    private void pushFrom(FilterExchange exchange) {
        RequestHead asked = exchange.request();
        for (String target : asked.fields().values(PUSH)) {
            RequestHead wanted = new RequestHead().target(target);
            wanted.authority(asked.fields().value(HOST).orElse(""));
            wanted.fields().add(PUSH, "/further");
            wanted.fields().add("accept", "text/css");
            told.add(exchange.push(wanted));
        }
    }

    /** Returns what it was told next. */
    boolean next() {
        try {
            return Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS), "push: none within 30 seconds");
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
