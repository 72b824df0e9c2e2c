package io.lb4j.it.streaming;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;

/** Threads at the ends of lines. */
final class Lines {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final long STILL_NANOS = 80_000_000;

    private Lines() {}

    /** What a thread does. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** What a thread does without a result. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    /** Does something on a thread of its own; whether it ends well is for others to see. */
    static void start(String name, Task task) {
        CompletableFuture<Boolean> unused = call(name, () -> {
            task.run();
            return true;
        });
    }

    /** Does something on a thread of its own. */
    static <T> CompletableFuture<T> call(String name, Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.run());
                    } catch (IOException | RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** Waits until something is so; changes are told to the monitor, which is held. */
    static void await(Object monitor, BooleanSupplier condition) throws IOException {
        try {
            while (!condition.getAsBoolean()) {
                monitor.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Waits until a count stands still, for the time that a sender with somewhere to send to would never rest. */
    static void awaitStill(LongSupplier count) {
        long[] seen = {-1, 0};
        Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK)
                .until(() -> {
                    long now = count.getAsLong();
                    if (now != seen[0]) {
                        seen[0] = now;
                        seen[1] = System.nanoTime();
                    }
                    return System.nanoTime() - seen[1] >= STILL_NANOS;
                });
    }
}
