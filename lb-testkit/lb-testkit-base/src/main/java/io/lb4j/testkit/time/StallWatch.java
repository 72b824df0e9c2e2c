package io.lb4j.testkit.time;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Notes for how long this process stood still at most, by a thread that wants to run all the time. Thread-safe. */
final class StallWatch implements RunAgainAfterStalls.Watch {
    private static final long STEP_NANOS = 5_000_000;

    private final Thread thread = new Thread(this::watch, "stall-watch");
    private volatile long lastNanos = System.nanoTime(); // written on the thread
    private volatile long longestNanos; // written on the thread
    private volatile boolean isOver;

    /** Begins to watch. */
    StallWatch() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!isOver) {
            LockSupport.parkNanos(STEP_NANOS);
            long now = System.nanoTime();
            longestNanos = Math.max(longestNanos, now - lastNanos - STEP_NANOS);
            lastNanos = now;
        }
    }

    /** Returns how long it was at most that the thread did not run, though it wanted to; a stall that goes on counts. */
    @Override
    public Duration longest() {
        long underWay = System.nanoTime() - lastNanos - STEP_NANOS;
        return Duration.ofNanos(Math.max(0, Math.max(longestNanos, underWay)));
    }

    @Override
    public void close() {
        isOver = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
