package io.lb4j.discovery;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Requests without end, and how many have failed. */
final class Load implements AutoCloseable {
    private final LoadBalancer lb;
    private final AtomicLong sent = new AtomicLong();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean isOver;

    Load(LoadBalancer lb) {
        this.lb = lb;
        thread.start();
    }

    private void run() {
        while (!isOver) {
            try (RawClient client = RawClient.connect(lb.port())) {
                RawResponse response = client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                        .readResponse();
                if (response.status() != 200) {
                    failures.add("status " + response.status());
                }
            } catch (UncheckedIOException | AssertionError e) {
                failures.add(String.valueOf(e));
            }
            sent.incrementAndGet();
            LockSupport.parkNanos(1_000_000);
        }
    }

    long sent() {
        return sent.get();
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        isOver = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
