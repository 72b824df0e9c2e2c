package io.lb4j.it.streaming;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Threads at the ends of lines. */
final class Lines {
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
}
