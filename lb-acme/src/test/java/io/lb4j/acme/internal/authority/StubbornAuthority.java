package io.lb4j.acme.internal.authority;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** As much of an authority as orders need that are ready at once: it refuses every signing request. Thread-safe. */
final class StubbornAuthority implements AutoCloseable {
    private final AtomicInteger nonces = new AtomicInteger();
    private final AtomicInteger orders = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final String refusal;
    private final HttpServer server;
    private volatile boolean isConfused;

    /** @param refusal what it says of each signing request: {@code badCSR} */
    StubbornAuthority(String refusal) {
        this.refusal = refusal;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    private String at(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    String directory() {
        return at("/directory");
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

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Replay-Nonce", "nonce" + nonces.incrementAndGet());
        String path = exchange.getRequestURI().getPath();
        switch (path) {
            case "/directory" ->
                send(exchange, 200, """
                    {"newNonce": "%s", "newAccount": "%s", "newOrder": "%s", "revokeCert": "%s", "keyChange": "%s"}\
                    """.formatted(
                                at("/nonce"), at("/account"), at("/order"), at("/revoke"), at("/key")));
            case "/nonce" -> exchange.sendResponseHeaders(204, -1);
            case "/account" -> {
                exchange.getResponseHeaders().set("Location", at("/accounts/1"));
                send(exchange, 201, "{\"status\": \"valid\"}");
            }
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
        exchange.close();
    }

    private static void refuse(HttpExchange exchange, int status, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        send(exchange, status, """
                {"type": "urn:ietf:params:acme:error:%s", "detail": "no"}""".formatted(type));
    }

    private String order() {
        return """
                {"status": "ready", "identifiers": [{"type": "dns", "value": "a.test"}], "authorizations": [],
                 "finalize": "%s"}""".formatted(at("/finalize"));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, octets.length);
        exchange.getResponseBody().write(octets);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
