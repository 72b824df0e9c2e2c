package io.lb4j.internal.codec.http1;

import io.lb4j.internal.loop.LoopTimer;

/**
 * The one timeout of a connection. It is set only where it would otherwise look too late, and finds out when it looks whether
 * something is really due: a request that goes well sets no timer. Confined to the connection's event loop.
 */
abstract class Watchdog extends LoopTimer.Timeout {
    /** What {@link #look} returns where nothing is to be waited for. */
    static final long NOTHING = Long.MAX_VALUE;

    private final LoopTimer timer;
    private long nextLookNanos;

    Watchdog(LoopTimer timer) {
        this.timer = timer;
    }

    /**
     * Does what is due.
     *
     * @return how long from now, in nanoseconds, to look again; or {@link #NOTHING}
     */
    abstract long look(long nowNanos);

    /** Makes sure that it looks soon enough. */
    final void lookWithin(long nowNanos, long delayNanos) {
        long due = nowNanos + delayNanos;
        if (!isSet() || due - nextLookNanos < 0) {
            nextLookNanos = due;
            timer.set(this, delayNanos);
        }
    }

    final void stop() {
        timer.cancel(this);
    }

    @Override
    protected final void expire() {
        long nowNanos = System.nanoTime();
        long delayNanos = look(nowNanos);
        if (delayNanos != NOTHING) {
            lookWithin(nowNanos, delayNanos);
        }
    }
}
