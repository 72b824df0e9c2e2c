package io.lb4j;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes daemon threads with a name and a number, and remembers those that live so that their end can be waited for. Thread-safe. */
final class NamedThreads implements ThreadFactory {
    private static final Logger LOGGER = LoggerFactory.getLogger(NamedThreads.class);

    private final String name;
    private final AtomicInteger count = new AtomicInteger();
    private final List<Thread> made = new CopyOnWriteArrayList<>();

    NamedThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
        thread.setDaemon(true);
        made.removeIf(former -> former.getState() == Thread.State.TERMINATED);
        made.add(thread);
        return thread;
    }

    /** Returns whether the caller is on one of them. */
    boolean isCurrent() {
        return made.contains(Thread.currentThread());
    }

    /** Lets an executor finish what it has, interrupts it when the time is up, and waits until its threads are gone. */
    static void end(ThreadPoolExecutor executor, Duration timeout) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                executor.shutdownNow();
                executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
            }
            for (Thread thread : ((NamedThreads) executor.getThreadFactory()).made) {
                TimeUnit.NANOSECONDS.timedJoin(thread, timeout.toNanos());
                if (thread.isAlive()) {
                    LOGGER.warn("thread {} has not ended within {}", thread.getName(), timeout);
                }
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
