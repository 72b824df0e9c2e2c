package io.lb4j.examples.quickstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A small server that names itself in the header {@code x-upstream}. Thread-safe. */
final class Upstream implements AutoCloseable {
    private final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "upstream");
        thread.setDaemon(true);
        return thread;
    });

    private Upstream(String name, HttpServer server) {
        this.name = name;
        this.server = server;
    }

    /** Starts a server on a free port of the loopback interface. */
    static Upstream start(String name) {
        try {
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            Upstream upstream = new Upstream(name, HttpServer.create(anyPort, 0));
            upstream.server.createContext("/", upstream::answer);
            upstream.server.setExecutor(upstream.threads);
            upstream.server.start();
            return upstream;
        } catch (IOException e) {
            throw new UncheckedIOException("upstream " + name + " cannot be started", e);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String forwardedFor = exchange.getRequestHeaders().getFirst("x-forwarded-for");
            String text = "%s %s, answered by upstream %s for %s%n"
                    .formatted(exchange.getRequestMethod(), exchange.getRequestURI(), name, forwardedFor);
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("x-upstream", name);
            exchange.getResponseHeaders().set("content-type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(200, "HEAD".equals(exchange.getRequestMethod()) ? -1 : body.length);
            if (!"HEAD".equals(exchange.getRequestMethod())) {
                exchange.getResponseBody().write(body);
            }
        }
        if ("DELETE".equals(exchange.getRequestMethod())) {
            threads.execute(this::close); // what the instructions call killing it
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
