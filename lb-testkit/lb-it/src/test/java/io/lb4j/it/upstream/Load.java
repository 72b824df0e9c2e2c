package io.lb4j.it.upstream;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import java.nio.charset.StandardCharsets;
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

    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> clients = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong posts = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
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

    long answers() {
        return answers.get();
    }

    /** Returns what GETs were answered with other than 200. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    private void speakHttp1() {
        try (RawClient client = RawClient.connect(port)) {
            while (!isOver) {
                RawResponse response =
                        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
                if (response.status() != 200) {
                    failures.add(response.status() + " " + response.headers().first("x-lb4j-reason"));
                }
                client.send("POST / HTTP/1.1\r\nHost: a\r\nX-Id: " + posts.incrementAndGet()
                                + "\r\nContent-Length: 5\r\n\r\nhello")
                        .readResponse();
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
                for (int stream : gets) {
                    H2Response response = client.awaitResponse(stream);
                    if (response.status() != 200) {
                        failures.add(response.status() + " " + response.reset() + " "
                                + response.headers().first("x-lb4j-reason"));
                    }
                }
                others.forEach(client::awaitResponse);
                answers.addAndGet(2 * STREAMS);
            }
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
