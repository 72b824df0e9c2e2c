package io.lb4j.acme.internal.authority;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of an authority as orders need that are ready at once: it refuses every signing request. Thread-safe. */
final class StubbornAuthority extends ScriptedAuthority {
    private final AtomicInteger orders = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final String refusal;
    private volatile boolean isConfused;

    /** @param refusal what it says of each signing request: {@code badCSR} */
    StubbornAuthority(String refusal) {
        this.refusal = refusal;
    }

    int orders() {
        return orders.get();
    }

    int refusals() {
        return refusals.get();
    }

    /** Has it fail where it is asked for an order from now on. */
    void confuse() {
        isConfused = true;
    }

    @Override
    void serve(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "/order" -> {
                exchange.getResponseHeaders().set("Location", at("/orders/" + orders.incrementAndGet()));
                send(exchange, 201, order());
            }
            case "/finalize" -> {
                refusals.incrementAndGet();
                refuse(exchange, 400, refusal);
            }
            default -> {
                if (isConfused) {
                    refuse(exchange, 500, "serverInternal");
                } else {
                    send(exchange, 200, order());
                }
            }
        }
    }

    private String order() {
        return """
                {"status": "ready", "identifiers": [{"type": "dns", "value": "a.test"}], "authorizations": [],
                 "finalize": "%s"}""".formatted(at("/finalize"));
    }
}
