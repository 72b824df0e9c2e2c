package io.lb4j;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for what may never end. The JDK's own way, {@link CompletableFuture#orTimeout}, starts a thread that stays for as long as the process.
 */
final class PatientStage {
    private PatientStage() {}

    /**
     * Runs an action once: when a stage has ended, however it did, or when the time is up.
     *
     * @param timers are dropped when the balancer closes, which ends what was waited for
     */
    static void whenOver(CompletionStage<?> stage, Duration timeout, ScheduledExecutorService timers, Runnable action) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        over.thenRun(action);
        try {
            ScheduledFuture<?> limit =
                    timers.schedule(() -> over.complete(null), timeout.toNanos(), TimeUnit.NANOSECONDS);
            over.thenRun(() -> limit.cancel(false));
        } catch (RejectedExecutionException closing) {
            over.complete(null);
        }
        stage.whenComplete((ignored, failure) -> over.complete(null));
    }

    /**
     * Waits on this thread. An interrupt ends the wait, and is left for the caller to see.
     *
     * @throws TimeoutException if the stage has not ended in time
     * @throws ExecutionException if it failed
     */
    static void await(CompletionStage<?> stage, Duration timeout) throws ExecutionException, TimeoutException {
        try {
            stage.toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
