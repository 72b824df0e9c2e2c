package io.lb4j.acme.internal.authority;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.archive.PendingOrder;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An authority whose account and nonces work, and whose orders are what a test makes of them. Thread-safe.
 */
abstract class ScriptedAuthority implements AutoCloseable {
    private static final Origin HERE = Origin.setter("test", ScriptedAuthority.class::isAssignableFrom);

    private final AtomicInteger nonces = new AtomicInteger();
    private final HttpServer server;

    /** Remembers in memory. Confined to one thread. */
    static final class Journal implements OrderJournal {
        Optional<PendingOrder> order = Optional.empty();

        @Override
        public Optional<PendingOrder> pending() {
            return order;
        }

        @Override
        public void remember(PendingOrder remembered) {
            order = Optional.of(remembered);
        }

        @Override
        public void forget() {
            order = Optional.empty();
        }
    }

    ScriptedAuthority() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    final String at(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Returns a client of it. */
    final AcmeAuthority authority() {
        Draft one = new Draft(AuthorityOptions.SECTION);
        one.setText(AuthorityOptions.DIRECTORY, at("/directory"), HERE);
        Draft all = new Draft(AcmeOptions.SECTION);
        all.addText(AcmeOptions.DOMAINS, "a.test", HERE);
        all.set(AcmeOptions.AUTHORITIES, List.of(completed(one)), HERE);
        AcmeOptions options = new AcmeOptions(completed(all));
        return AcmeAuthority.of(options.authorities().get(0), options, new Archive(AcmeStorages.inMemory()));
    }

    private static Settings completed(Draft draft) {
        Faults faults = new Faults();
        Settings settings = draft.complete(Scope.root(faults, PartCatalog.of(List.of())));
        faults.throwIfAny();
        return settings;
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Replay-Nonce", "nonce" + nonces.incrementAndGet());
        switch (exchange.getRequestURI().getPath()) {
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
            default -> serve(exchange, exchange.getRequestURI().getPath());
        }
        exchange.close();
    }

    /** Answers whatever is about orders. */
    abstract void serve(HttpExchange exchange, String path) throws IOException;

    static void refuse(HttpExchange exchange, int status, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        send(exchange, status, """
                {"type": "urn:ietf:params:acme:error:%s", "detail": "no"}""".formatted(type));
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
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
