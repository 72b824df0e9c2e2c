package io.lb4j;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread of the balancer's own: runs one task at a time, and logs what a task throws, which nobody else would see. */
final class ControlThread extends ScheduledThreadPoolExecutor {
    private static final Logger LOGGER = LoggerFactory.getLogger(ControlThread.class);

    private final Threads threads;

    /** Makes the thread, and remembers it so that its end can be waited for. */
    private static final class Threads implements ThreadFactory {
        private final String name;
        private final List<Thread> made = new CopyOnWriteArrayList<>();

        Threads(String name) {
            this.name = name;
        }

        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task, name);
            made.add(thread);
            return thread;
        }
    }

    ControlThread(String name) {
        this(new Threads(name));
    }

    private ControlThread(Threads threads) {
        super(1, threads);
        this.threads = threads;
        setRemoveOnCancelPolicy(true);
        setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Returns whether the caller is on this thread. */
    boolean isCurrent() {
        return threads.made.contains(Thread.currentThread());
    }

    /** Lets it finish what it has, interrupts that when the time is up, and waits until the thread is gone. */
    void end(Duration timeout) {
        shutdown();
        if (!hasEnded(timeout)) {
            LOGGER.warn("thread {} is interrupted: it has not ended within {}", threads.name, timeout);
            shutdownNow();
            awaitEnd(timeout);
        }
    }

    /** Waits until the thread has ended: an executor calls itself terminated a moment before. */
    void awaitEnd(Duration timeout) {
        if (!hasEnded(timeout)) {
            LOGGER.warn("thread {} has not ended within {}", threads.name, timeout);
        }
    }

    private boolean hasEnded(Duration timeout) {
        long endNanos = System.nanoTime() + timeout.toNanos();
        boolean ended = true;
        try {
            for (Thread thread : threads.made) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, endNanos - System.nanoTime()));
                ended &= !thread.isAlive();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return ended;
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        super.afterExecute(task, thrown);
        Throwable fault = thrown;
        if (fault == null && task instanceof Future<?> done && done.isDone()) {
            try {
                done.get();
            } catch (ExecutionException e) {
                fault = e.getCause();
            } catch (CancellationException e) {
                return; // whoever cancelled it knows
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (fault != null) {
            LOGGER.error("a task of thread {} failed", Thread.currentThread().getName(), fault);
        }
    }
}
