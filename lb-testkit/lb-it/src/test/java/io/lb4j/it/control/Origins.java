package io.lb4j.it.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Small servers on 127.0.0.2, 127.0.0.3 and so on, all on one port, as the addresses of one name are. Each answers with its address. */
final class Origins implements AutoCloseable {
    private static final int ATTEMPTS = 50;

    private final List<Origin> origins;

    private Origins(List<Origin> origins) {
        this.origins = origins;
    }

    /** One server. */
    static final class Origin {
        private final HttpServer server;
        private final AtomicInteger requests = new AtomicInteger();
        private volatile int status = 200;
        private volatile String lastHost = "";

        private Origin(int last, int port) throws IOException {
            server = HttpServer.create(new InetSocketAddress("127.0.0." + last, port), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        private void answer(HttpExchange exchange) throws IOException {
            requests.incrementAndGet();
            lastHost = exchange.getRequestHeaders().getFirst("Host");
            byte[] body = host().getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }

        String host() {
            return server.getAddress().getAddress().getHostAddress();
        }

        int requests() {
            return requests.get();
        }

        String lastHost() {
            return lastHost;
        }

        void status(int newStatus) {
            status = newStatus;
        }
    }

    /** Starts servers on 127.0.0.2 and the addresses after it. */
    static Origins start(int count) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<Origin> started = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    int port = started.isEmpty()
                            ? 0
                            : started.get(0).server.getAddress().getPort();
                    started.add(new Origin(i + 2, port));
                }
                return new Origins(List.copyOf(started));
            } catch (BindException taken) {
                // The port that was free on the first address is not on another: once more.
                started.forEach(origin -> origin.server.stop(0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no port is free on " + count + " addresses");
    }

    int port() {
        return origins.get(0).server.getAddress().getPort();
    }

    Origin get(int index) {
        return origins.get(index);
    }

    @Override
    public void close() {
        origins.forEach(origin -> origin.server.stop(0));
    }
}
