package io.lb4j.plugins.registry.oci;

import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Single exchanges over HTTP, bounded in length and in time, without redirects, on threads that end with this. Thread-safe. */
final class HttpTransfers implements AutoCloseable {
    private static final int LONGEST_COMPLAINT = 64 * 1024;
    private static final int SHOWN = 200; // characters of a complaint

    private final ExecutorService threads;
    private final HttpClient client;
    private final Duration within;

    /**
     * What came back. The body of an answer of 2xx has gone to its sink.
     *
     * @param address who has answered
     * @param said the body of any other answer
     */
    record Answer(URI address, int status, HttpHeaders fields, String said) {
        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** Returns a short, printable form of what the server says. */
        String complaint() {
            String text = said.replaceAll("[^\\x20-\\x7e]+", " ");
            return status + (text.isBlank() ? "" : " " + text.substring(0, Math.min(SHOWN, text.length())));
        }
    }

    /**
     * Where the body of an answer goes.
     *
     * @param longest octets that it may have
     */
    record Sink(OutputStream target, long longest) {}

    /**
     * Creates transfers.
     *
     * @param trust whom to trust; the JDK's authorities by default
     * @param within how long one exchange may take
     */
    HttpTransfers(Optional<SSLContext> trust, Duration within) {
        this.within = within;
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "lb4j-registry");
            thread.setDaemon(true);
            return thread;
        });
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(threads)
                .connectTimeout(within);
        trust.ifPresent(builder::sslContext);
        client = builder.build();
    }

    /**
     * Sends a request and waits until its whole answer is there.
     *
     * @throws RegistryException if there is none, or the body is longer than the sink takes
     */
    Answer exchange(HttpRequest request, Sink sink) throws RegistryException {
        ByteArrayOutputStream complaint = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Long>> pending = client.sendAsync(
                request,
                head -> head.statusCode() / 100 == 2
                        ? new BoundedBody(sink.target(), sink.longest())
                        : new BoundedBody(complaint, LONGEST_COMPLAINT));
        String asked = request.method() + " " + withoutQuery(request.uri());
        try {
            HttpResponse<Long> answer = pending.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(
                    request.uri(), answer.statusCode(), answer.headers(), complaint.toString(StandardCharsets.UTF_8));
        } catch (TimeoutException e) {
            throw new RegistryException(Reason.UNREACHABLE, asked + ": no whole answer within " + within, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BoundedBody.TooLong tooLong) {
                throw new RegistryException(Reason.TOO_LARGE, asked + ": " + tooLong.getMessage(), e);
            }
            throw new RegistryException(Reason.UNREACHABLE, asked + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(Reason.UNREACHABLE, asked + ": interrupted", e);
        } finally {
            pending.cancel(true);
        }
    }

    /** Returns an address without its query, which may hold a signature that opens it. */
    static String withoutQuery(URI address) {
        return address.getScheme() + "://" + address.getAuthority() + address.getPath();
    }

    /** Ends the threads. The JDK's own selector ends when the client is no longer referred to, from JDK 21 on at once. */
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
