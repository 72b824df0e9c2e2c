package io.lb4j.acme.internal.web;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /**
     * Exchanges a request for an answer that is bounded in length and in time, its body included.
     *
     * @param longest in octets
     * @throws IOException if there is none, or not such a one
     * @throws InterruptedException if the thread is interrupted; the exchange is given up then
     */
    public HttpResponse<byte[]> exchange(HttpRequest request, int longest, Duration within)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, head -> new BoundedBody(longest));
        try {
            return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(request.uri() + ": no whole answer within " + within, e);
        } catch (ExecutionException e) {
            throw new IOException(request.uri() + ": " + e.getCause(), e.getCause());
        } finally {
            answer.cancel(true);
        }
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
