package io.lb4j.discovery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of one document, which knows entity tags, and how to wait for a change. Thread-safe. */
final class Inventory implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final List<Asked> questions = new CopyOnWriteArrayList<>();
    private final boolean waits;
    private int status = 200; // guarded by this, as all below
    private String body;
    private int version = 1;

    /** A question, by what tells it from others. */
    record Asked(String query, Optional<String> tag, Optional<String> authorization, Optional<String> prefer) {}

    private Inventory(String body, boolean waits) {
        this.body = body;
        this.waits = waits;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::answer);
        server.start();
    }

    static Inventory of(String body) {
        return new Inventory(body, false);
    }

    static Inventory thatWaits(String body) {
        return new Inventory(body, true);
    }

    String url() {
        return "http://127.0.0.1:" + address().getPort() + "/endpoints";
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    List<Asked> questions() {
        return List.copyOf(questions);
    }

    synchronized void says(String newBody) {
        says(200, newBody);
    }

    synchronized void says(int newStatus, String newBody) {
        status = newStatus;
        body = newBody;
        version++;
        notifyAll();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Asked asked = new Asked(
                String.valueOf(exchange.getRequestURI().getQuery()),
                field(exchange, "If-None-Match"),
                field(exchange, "Authorization"),
                field(exchange, "Prefer"));
        questions.add(asked);
        if (waits && asked.prefer.isPresent()) {
            awaitChange(asked.tag.orElse(""));
        }
        String tag;
        String content;
        int code;
        synchronized (this) {
            tag = "\"" + version + "\"";
            code = status == 200 && asked.tag.equals(Optional.of(tag)) ? 304 : status;
            content = body;
        }
        exchange.getResponseHeaders().set("ETag", tag);
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, code == 304 ? -1 : octets.length);
        if (code != 304) {
            exchange.getResponseBody().write(octets);
        }
        exchange.close();
    }

    private static Optional<String> field(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    private synchronized void awaitChange(String tag) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        try {
            while (tag.equals("\"" + version + "\"") && System.nanoTime() < end) {
                wait(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
