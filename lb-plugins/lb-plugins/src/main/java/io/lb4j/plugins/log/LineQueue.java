package io.lb4j.plugins.log;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines on their way to where they are written: a bounded number, for event loops cannot wait for a disk. Thread-safe; {@link #offer} never blocks.
 */
final class LineQueue {
    private static final Logger LOGGER = LoggerFactory.getLogger(LineQueue.class);
    private static final long CLOSE_SECONDS = 5;
    private static final long COMPLAIN_NANOS = 60_000_000_000L;

    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final int most;
    private final LineOutput output;
    private final Executor writer;
    private final LongConsumer dropped;
    private long complainedNanos = System.nanoTime() - COMPLAIN_NANOS; // confined to the writer

    /**
     * Creates a queue.
     *
     * @param writer one thread
     * @param dropped is told how many lines were lost
     */
    LineQueue(int most, LineOutput output, Executor writer, LongConsumer dropped) {
        this.most = most;
        this.output = output;
        this.writer = writer;
        this.dropped = dropped;
    }

    void offer(String line) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            dropped.accept(1);
            return;
        }
        lines.add(line);
        schedule();
    }

    private void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                writer.execute(this::writeAll);
            } catch (RejectedExecutionException e) {
                LOGGER.debug("a line came after the end", e);
            }
        }
    }

    private void writeAll() {
        scheduled.set(false);
        String line = lines.poll();
        while (line != null) {
            waiting.decrementAndGet();
            write(line);
            line = lines.poll();
        }
        try {
            output.flush();
        } catch (IOException | RuntimeException e) {
            complain(e);
        }
    }

    private void write(String line) {
        try {
            output.write(line);
        } catch (IOException | RuntimeException e) {
            dropped.accept(1);
            complain(e);
        }
    }

    private void complain(Exception reason) {
        long now = System.nanoTime();
        if (now - complainedNanos >= COMPLAIN_NANOS) {
            complainedNanos = now;
            LOGGER.error("lines of an access log cannot be written; for a minute they are counted only", reason);
        }
        try {
            output.close(); // to be opened anew
        } catch (IOException | RuntimeException e) {
            LOGGER.debug("what could not be written to could not be closed either", e);
        }
    }

    /** Writes what waits, and ends. Waits for a few seconds at most. */
    void close() {
        FutureTask<?> last = new FutureTask<>(() -> {
            writeAll();
            output.close();
            return null;
        });
        try {
            writer.execute(last);
            last.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOGGER.warn("an access log did not end in time, or failed to", e);
        }
    }
}
