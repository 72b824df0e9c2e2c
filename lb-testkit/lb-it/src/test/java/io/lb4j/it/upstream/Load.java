package io.lb4j.it.upstream;

import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that send GETs, and POSTs each with an id of its own, one after the other until they are stopped. */
final class Load implements AutoCloseable {
    private static final int STREAMS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> clients = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong posts = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> failedPosts = new ConcurrentLinkedQueue<>();
    private volatile boolean isOver;

    private Load(int port) {
        this.port = port;
    }

    /** Starts clients that speak HTTP/1.1, and as many that speak HTTP/2, a few streams at a time. */
    static Load start(int port, int clients) {
        Load load = new Load(port);
        for (int i = 0; i < clients; i++) {
            load.clients.add(load.threads.submit(load::speakHttp1));
            load.clients.add(load.threads.submit(load::speakHttp2));
        }
        return load;
    }

    /** Waits until so many more requests have been answered; long enough for a machine that has much else to do. */
    void awaitAnswers(int more) {
        long before = answers.get();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> answers.get() >= before + more);
    }

    /** Returns what GETs were answered with other than 200. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Returns what POSTs were answered with other than 200. */
    List<String> failedPosts() {
        return List.copyOf(failedPosts);
    }

    private void speakHttp1() {
        try (RawClient client = RawClient.connect(port)) {
            while (!isOver) {
                note(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse(), failures);
                String id = Long.toString(posts.incrementAndGet());
                client.send("POST / HTTP/1.1\r\nHost: a\r\nX-Id: " + id + "\r\nContent-Length: 5\r\n\r\nhello");
                note(client.readResponse(), failedPosts);
                answers.addAndGet(2);
            }
        }
    }

    private void speakHttp2() {
        try (RawH2Client client = RawH2Client.connect(port)) {
            while (!isOver) {
                List<Integer> gets = new ArrayList<>();
                List<Integer> others = new ArrayList<>();
                for (int i = 0; i < STREAMS; i++) {
                    gets.add(client.open(client.head("GET", "/"), true));
                    others.add(post(client));
                }
                gets.forEach(stream -> note(client.awaitResponse(stream), failures));
                others.forEach(stream -> note(client.awaitResponse(stream), failedPosts));
                answers.addAndGet(2 * STREAMS);
            }
        }
    }

    private static void note(RawResponse response, Queue<String> failures) {
        if (response.status() != 200) {
            failures.add(response.status() + " " + response.headers().first("x-lb4j-reason"));
        }
    }

    private static void note(H2Response response, Queue<String> failures) {
        if (response.status() != 200) {
            failures.add(response.status() + " " + response.reset() + " "
                    + response.headers().first("x-lb4j-reason"));
        }
    }

    private int post(RawH2Client client) {
        Fields head = client.head("POST", "/").and("x-id", Long.toString(posts.incrementAndGet()));
        int stream = client.open(head, false);
        client.data(stream, "hello".getBytes(StandardCharsets.US_ASCII), true);
        return stream;
    }

    /** Stops the clients when they have their answers; throws what they have thrown. */
    void stop() throws Exception {
        isOver = true;
        for (Future<?> client : clients) {
            client.get();
        }
    }

    @Override
    public void close() {
        isOver = true;
        threads.shutdown();
    }
}
