package io.lb4j.plugins.wasm.engine;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls of guests that compute for too long, by interrupting their thread, which compiled code looks at in every loop and at every call. Time is
 * that of the processor, so that a busy machine costs nobody a call. One thread looks every millisecond while guests run; there is none while there
 * are no guests.
 */
final class Watchdog implements Runnable {
    private static final long TICK_NANOS = 1_000_000;
    private static final long REST_NANOS = 50_000_000; // without a call, after which the thread waits to be woken
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean KNOWS_CPU_TIME =
            THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

    private static @Nullable Watchdog present; // guarded by the class

    private final List<CallSlot> slots = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean ended;
    private volatile boolean resting;

    private Watchdog() {
        thread = new Thread(this, "lb4j-wasm-watchdog");
        thread.setDaemon(true);
    }

    /** Returns a slot for one guest; the first one starts the thread. */
    static synchronized CallSlot open() {
        Watchdog watchdog = present;
        if (watchdog == null) {
            watchdog = new Watchdog();
            present = watchdog;
            watchdog.thread.start();
        }
        CallSlot slot = new CallSlot(watchdog);
        watchdog.slots.add(slot);
        return slot;
    }

    /** Takes a slot back; after the last one the thread has ended. */
    static void close(CallSlot slot) {
        Thread ending = leave(slot);
        boolean interrupted = false;
        while (ending != null && ending.isAlive()) {
            try {
                ending.join();
            } catch (InterruptedException e) {
                interrupted = true; // noted again below: the thread is about to end by itself
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized @Nullable Thread leave(CallSlot slot) {
        Watchdog watchdog = slot.watchdog;
        if (!watchdog.slots.remove(slot) || !watchdog.slots.isEmpty()) {
            return null;
        }
        present = null;
        watchdog.ended = true;
        LockSupport.unpark(watchdog.thread);
        return watchdog.thread;
    }

    /** A call begins: whoever rests wakes up. */
    void wake() {
        if (resting) {
            resting = false;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        long lastCallNanos = System.nanoTime();
        while (!ended) {
            boolean busy = false;
            for (CallSlot slot : slots) {
                busy |= slot.look();
            }
            long now = System.nanoTime();
            if (busy) {
                lastCallNanos = now;
            }
            if (now - lastCallNanos < REST_NANOS) {
                LockSupport.parkNanos(this, TICK_NANOS);
            } else {
                rest();
                lastCallNanos = System.nanoTime();
            }
        }
    }

    private void rest() {
        resting = true;
        for (CallSlot slot : slots) {
            if (slot.isRunning()) { // it may have begun before it could see that nobody looks
                resting = false;
                return;
            }
        }
        while (resting && !ended) {
            LockSupport.park(this);
        }
    }

    /** Returns how long a thread has computed; on machines that do not know, how long it has been there. */
    static long computedNanos(Thread thread) {
        long nanos = KNOWS_CPU_TIME ? THREADS.getThreadCpuTime(thread.getId()) : -1;
        return nanos < 0 ? System.nanoTime() : nanos;
    }
}
