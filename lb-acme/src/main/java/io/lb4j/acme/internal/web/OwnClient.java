package io.lb4j.acme.internal.web;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** An HTTP client that follows no redirects, with threads of its own, which end with it. Thread-safe. */
public final class OwnClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

    private final ExecutorService threads;
    private final HttpClient client;

    /**
     * Creates a client.
     *
     * @param name of its threads
     * @param more is said of it
     */
    public OwnClient(String name, Consumer<HttpClient.Builder> more) {
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(threads)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT);
        more.accept(builder);
        client = builder.build();
    }

    /** Returns the client. */
    public HttpClient client() {
        return client;
    }

    /** Ends its threads. The JDK's own selector ends when the client is no longer referred to, from JDK 21 on at once. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(client);
        } catch (ReflectiveOperationException e) {
            // JDK 17 has no such method.
        }
    }
}
