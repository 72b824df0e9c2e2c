package io.lb4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Brings failures of other threads to the caller as they were thrown. */
final class Failures {
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
}
