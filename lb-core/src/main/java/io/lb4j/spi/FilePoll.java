package io.lb4j.spi;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread, for all sources that look at files from time to time: there may be hundreds. It begins with the first and is gone when the
 * last has stopped. Thread-safe.
 */
final class FilePoll {
    private static final Logger logger = LoggerFactory.getLogger(FilePoll.class);
    private static final Object LOCK = new Object();
    private static int users; // guarded by LOCK, as are the next two
    private static @Nullable ScheduledExecutorService executor;
    private static @Nullable Thread thread;

    private FilePoll() {}

    /**
     * Runs a task now and then.
     *
     * @return stops it, when run for the first time
     */
    static Runnable every(Duration interval, Runnable task) {
        synchronized (LOCK) {
            ScheduledExecutorService shared = executor;
            if (shared == null) {
                shared = Executors.newSingleThreadScheduledExecutor(FilePoll::newThread);
                executor = shared;
            }
            users++;
            Future<?> polling = shared.scheduleWithFixedDelay(
                    () -> runSafely(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
            return () -> stop(polling);
        }
    }

    private static void stop(Future<?> polling) {
        Thread ending;
        synchronized (LOCK) {
            if (polling.isCancelled()) {
                return;
            }
            polling.cancel(false);
            users--;
            if (users > 0 || executor == null) {
                return;
            }
            executor.shutdown(); // not at once: an interrupt would look like a file that cannot be read
            ending = thread;
            executor = null;
            thread = null;
        }
        if (ending != null && ending != Thread.currentThread()) {
            join(ending);
        }
    }

    private static void join(Thread ending) {
        try {
            ending.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread newThread(Runnable run) {
        Thread made = new Thread(run, "lb4j-files");
        made.setDaemon(true);
        synchronized (LOCK) {
            thread = made;
        }
        return made;
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // Thrown further, it would end the polling of this source in silence.
            logger.warn("a source that polls files failed, and goes on", e);
        }
    }
}
