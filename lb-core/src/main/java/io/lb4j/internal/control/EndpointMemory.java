package io.lb4j.internal.control;

import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a cluster's endpoints to disk, once a second at most and on a thread that may block. Confined to the control thread, but for the
 * writing itself, of which there is one at a time.
 */
final class EndpointMemory {
    private static final Logger LOGGER = LoggerFactory.getLogger(EndpointMemory.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final EndpointFile file;
    private final ScheduledExecutorService control;
    private final Executor blocking;
    private final Supplier<Map<String, List<Endpoint>>> present;
    private Map<String, List<Endpoint>> written; // or about to be
    private @Nullable ScheduledFuture<?> pending;
    private boolean isClosed;
    private boolean isFailing; // guarded by this

    EndpointMemory(
            EndpointFile file,
            ScheduledExecutorService control,
            Executor blocking,
            Supplier<Map<String, List<Endpoint>>> present) {
        this.file = file;
        this.control = control;
        this.blocking = blocking;
        this.present = present;
        written = file.read();
    }

    EndpointFile file() {
        return file;
    }

    /** Returns what was on disk at the beginning. */
    Map<String, List<Endpoint>> remembered() {
        return written;
    }

    /** Something has changed. */
    void sequentialNote() {
        if (pending == null && !isClosed && !present.get().equals(written)) {
            pending = control.schedule(this::sequentialWrite, PAUSE_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Brings to disk what is not there yet. */
    void sequentialClose() {
        isClosed = true;
        if (pending != null) {
            pending.cancel(false);
            sequentialWrite();
        }
    }

    private void sequentialWrite() {
        pending = null;
        Map<String, List<Endpoint>> next = new LinkedHashMap<>(present.get());
        written = next;
        try {
            blocking.execute(() -> write(next));
        } catch (RejectedExecutionException closing) {
            LOGGER.debug("{}: the last change is not remembered", file.path());
        }
    }

    private void write(Map<String, List<Endpoint>> sources) {
        synchronized (this) {
            try {
                file.write(sources);
                if (isFailing) {
                    isFailing = false;
                    LOGGER.info("{}: endpoints are remembered again", file.path());
                }
            } catch (IOException e) {
                if (!isFailing) {
                    isFailing = true;
                    LOGGER.warn("{}: endpoints are not remembered: {}", file.path(), e.toString());
                }
                retryLater(sources);
            }
        }
    }

    private void retryLater(Map<String, List<Endpoint>> sources) {
        try {
            control.schedule(() -> sequentialRetry(sources), RETRY_NANOS, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            LOGGER.debug("{}: the last change is not remembered", file.path());
        }
    }

    private void sequentialRetry(Map<String, List<Endpoint>> failed) {
        if (pending == null && !isClosed && written.equals(failed)) {
            sequentialWrite(); // nothing has changed since, and nothing else has it written
        }
    }
}
