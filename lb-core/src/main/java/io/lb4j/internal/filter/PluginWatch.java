package io.lb4j.internal.filter;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that looks ten times a second whether a plugin holds an event loop: a call that goes on for longer than its plugin may is reported with
 * the loop's stack. What counts is the time that the loop waits in the call, and the processor time that it uses there; so a pause of the whole
 * process, or a machine that is busy with something else, is held against nobody.
 */
public final class PluginWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PluginWatch.class);
    private static final long TICK_NANOS = 100_000_000L;
    private static final long CLOSE_MILLIS = 5_000;

    private final LoopCalls calls;
    private final long[] numbers;
    private final long[] heldNanos;
    private final long[] cpuNanos; // that the loop had used at the look before
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Thread thread;
    private volatile boolean closed;

    /** Begins to watch. */
    public PluginWatch(LoopCalls calls) {
        this.calls = calls;
        this.numbers = new long[calls.loops()];
        this.heldNanos = new long[calls.loops()];
        this.cpuNanos = new long[calls.loops()];
        thread = new Thread(this::watch, "lb4j-plugin-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        long last = System.nanoTime();
        while (!closed) {
            try {
                TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
            } catch (InterruptedException e) {
                return; // closed
            }
            long now = System.nanoTime();
            look(Math.min(now - last, 2 * TICK_NANOS));
            last = now;
        }
    }

    private void look(long passedNanos) {
        for (int loop = 0; loop < numbers.length; loop++) {
            LoopCalls.Slot slot = calls.slot(loop);
            PluginInstance instance = slot.current();
            Thread caller = slot.thread();
            long number = slot.number();
            if (instance == null || caller == null) {
                continue;
            }
            if (number != numbers[loop]) {
                numbers[loop] = number;
                heldNanos[loop] = 0;
                cpuNanos[loop] = cpuTime(caller);
                continue;
            }
            long before = heldNanos[loop];
            heldNanos[loop] = before + heldSince(caller, loop, passedNanos);
            if (before < instance.blockNanos() && heldNanos[loop] >= instance.blockNanos()) {
                report(instance, caller, heldNanos[loop]);
            }
        }
    }

    /** Returns how much of the time that has passed a call has held its loop: all of it if it waits, else what it has used of the processor. */
    private long heldSince(Thread caller, int loop, long passedNanos) {
        long cpu = cpuTime(caller);
        long used = cpu - cpuNanos[loop];
        cpuNanos[loop] = cpu;
        boolean waits = cpu < 0 || caller.getState() != Thread.State.RUNNABLE || isInNative(caller);
        return waits ? passedNanos : Math.min(used, passedNanos);
    }

    private long cpuTime(Thread caller) {
        return threads.isThreadCpuTimeSupported() ? threads.getThreadCpuTime(caller.getId()) : -1;
    }

    /** A thread that reads a socket or a file is runnable to Java, and uses no time. */
    private static boolean isInNative(Thread caller) {
        StackTraceElement[] stack = caller.getStackTrace();
        return stack.length > 0 && stack[0].isNativeMethod();
    }

    private static void report(PluginInstance instance, Thread held, long nanos) {
        try {
            instance.blocks(held, nanos);
        } catch (RuntimeException fault) {
            LOGGER.error("the watch failed on plugin {}", instance, fault);
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
