package io.lb4j.plugins.wasm.engine;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a guest says that a call is under way. The guest's thread begins and ends calls; the watchdog ends those that take too long. A call takes one
 * store and one compare-and-set.
 */
final class CallSlot {
    private static final long IDLE = 0;
    private static final long ENDING = -1; // the watchdog is about to interrupt
    private static final long ENDED = -2; // it has
    private static final long NEVER = 0;

    final Watchdog watchdog;

    private final AtomicLong state = new AtomicLong(IDLE); // a call's number while it runs
    private long calls; // of the guest's thread
    private @Nullable Thread thread; // written before a call begins, as is the budget
    private long budgetNanos;

    private long seenCall = NEVER; // of the watchdog, as is the next one
    private long seenNanos;

    CallSlot(Watchdog watchdog) {
        this.watchdog = watchdog;
    }

    /** A call begins. */
    void enter(long nanos) {
        thread = Thread.currentThread();
        budgetNanos = nanos;
        state.set(++calls);
        watchdog.wake();
    }

    /** A call is over; returns whether the watchdog has interrupted it. */
    boolean leave() {
        if (state.compareAndSet(calls, IDLE)) {
            return false;
        }
        while (state.get() == ENDING) {
            Thread.onSpinWait();
        }
        Thread.interrupted(); // the watchdog's word, which is for nobody else
        state.set(IDLE);
        return true;
    }

    boolean isRunning() {
        return state.get() > IDLE;
    }

    /** Looks at a call, and ends it if it is over its budget; returns whether there is one. Called by the watchdog. */
    boolean look() {
        long call = state.get();
        Thread running = thread;
        if (call <= IDLE || running == null) {
            return false;
        }
        long nanos = Watchdog.computedNanos(running);
        if (call != seenCall) {
            seenCall = call;
            seenNanos = nanos;
        } else if (nanos - seenNanos > budgetNanos && state.compareAndSet(call, ENDING)) {
            running.interrupt();
            state.set(ENDED);
        }
        return true;
    }
}
