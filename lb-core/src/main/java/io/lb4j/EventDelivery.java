package io.lb4j;

import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import io.lb4j.spi.PastEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells observers of events, on a thread of its own that is there only while there is something to tell, and remembers the last faults. Thread-safe. */
final class EventDelivery {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventDelivery.class);
    private static final int MAX_WAITING = 10_000;
    private static final int REMEMBERED = 100;

    private final List<Observer> observers;
    private final Deque<PastEvent> faults = new ArrayDeque<>(); // guarded by itself; the earliest first
    private final AtomicLong lost = new AtomicLong();
    private final NamedThreads threads = new NamedThreads("lb4j-events");
    private final ThreadPoolExecutor executor;

    EventDelivery(List<Observer> observers) {
        this.observers = List.copyOf(observers);
        executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), threads);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Returns whether the caller is an observer that is being told. */
    boolean isTelling() {
        return threads.isCurrent();
    }

    /** Returns the last faults and their ends, the earliest first. */
    List<PastEvent> faults() {
        synchronized (faults) {
            return List.copyOf(faults);
        }
    }

    private void remember(ControlEvent event) {
        synchronized (faults) {
            if (faults.size() == REMEMBERED) {
                faults.remove();
            }
            faults.add(new PastEvent(Instant.now(), event));
        }
    }

    /** Returns whether an event is of the usual run of things: many of these would drive out all others. */
    private static boolean isUsual(ControlEvent event) {
        return event instanceof ControlEvent.EndpointAdded
                || event instanceof ControlEvent.EndpointRemoved
                || event instanceof ControlEvent.ConfigurationApplied
                || event instanceof ControlEvent.CertificatesChanged
                || (event instanceof ControlEvent.CertificateReport report
                        && report.failure().isEmpty());
    }

    void deliver(ControlEvent event) {
        if (!isUsual(event)) {
            remember(event);
        }
        if (observers.isEmpty()) {
            return;
        }
        try {
            executor.execute(() -> observers.forEach(observer -> tell(observer, event)));
        } catch (RejectedExecutionException full) {
            if (!executor.isShutdown() && lost.getAndIncrement() % MAX_WAITING == 0) {
                LOGGER.warn("observers are too slow: {} events wait, and further ones are lost", MAX_WAITING);
            }
        }
    }

    private static void tell(Observer observer, ControlEvent event) {
        try {
            observer.onControl(event);
        } catch (RuntimeException fault) {
            LOGGER.error("observer {} failed on {}", observer, event, fault);
        }
    }

    /** Delivers what waits, as long as the time allows, and ends the thread. */
    void close(Duration timeout) {
        NamedThreads.end(executor, timeout);
    }
}
