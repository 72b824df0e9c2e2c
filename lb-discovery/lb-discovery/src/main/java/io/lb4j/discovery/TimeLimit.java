package io.lb4j.discovery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How long what a thread does may take in all. Clients of registries limit the wait for the next octet of an answer, or for its head, so that a
 * body that comes an octet at a time keeps them for ever; whoever is late is interrupted. For the thread that makes it, which closes it.
 */
public final class TimeLimit implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private final CompletableFuture<Void> timer = new CompletableFuture<>();
    private final CompletableFuture<Void> alarm = timer.thenRun(this::exceed);
    private boolean isOver; // guarded by this
    private boolean isExceeded; // guarded by this

    private TimeLimit() {}

    /** Begins to count. */
    public static TimeLimit of(Duration time) {
        TimeLimit limit = new TimeLimit();
        limit.timer.completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
        return limit;
    }

    private synchronized void exceed() {
        if (!isOver) {
            isExceeded = true;
            thread.interrupt();
        }
    }

    /** Returns whether the thread was late, and has been interrupted. */
    public synchronized boolean isExceeded() {
        return isExceeded;
    }

    /** Counts no longer, and takes back the interrupt. */
    @Override
    public void close() {
        timer.cancel(false);
        alarm.cancel(false);
        synchronized (this) {
            isOver = true;
            if (isExceeded) {
                Thread.interrupted(); // its own; whoever interrupts for other reasons says so in another way too
            }
        }
    }
}
