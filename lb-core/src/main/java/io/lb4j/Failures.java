package io.lb4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings failures of other threads to the caller as they were thrown. */
final class Failures {
    private static final Logger LOGGER = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Waits until something is done; throws what went wrong, unwrapped. */
    static void join(CompletableFuture<?> stage) {
        try {
            stage.join();
        } catch (CompletionException e) {
            throw unwrapped(e);
        }
    }

    /** Returns what a stage failed with, as an exception that needs no declaration. */
    static RuntimeException unwrapped(CompletionException wrapper) {
        Throwable cause = wrapper;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof IOException io) {
            return new UncheckedIOException(io.getMessage(), io);
        }
        if (cause instanceof RuntimeException fault) {
            return fault;
        }
        return wrapper;
    }

    /** Waits until an executor's thread has ended. */
    static void awaitEnd(ExecutorService executor, Duration timeout) {
        try {
            if (!executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                LOGGER.warn("the control thread has not ended within {}", timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
