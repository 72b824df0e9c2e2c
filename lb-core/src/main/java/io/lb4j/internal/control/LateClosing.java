package io.lb4j.internal.control;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What is no longer in force, but may be asked for as long as there are exchanges that began with it. It is closed when its time is over,
 * or with the balancer. Confined to the control thread.
 */
final class LateClosing {
    private final ScheduledExecutorService executor;
    private final Map<Runnable, Future<?>> due = new HashMap<>();

    LateClosing(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    /** Closes something after a while. */
    void sequentialAdd(Duration delay, Runnable closing) {
        Runnable once = () -> {
            due.remove(closing);
            closing.run();
        };
        due.put(closing, executor.schedule(once, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Closes everything now. */
    void sequentialClose() {
        List<Runnable> left = List.copyOf(due.keySet());
        due.values().forEach(timer -> timer.cancel(false));
        due.clear();
        left.forEach(Runnable::run);
    }
}
