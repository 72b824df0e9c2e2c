package io.lb4j.internal.codec.http1;

import io.lb4j.internal.loop.LoopTimer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection waits: for its peer to send, and for a write to make progress. It is one timeout, which is set only where it
 * would otherwise look too late, and finds out when it looks whether something is really due: a request that goes well sets no timer.
 * The socket's queue is watched only where a flush has left something in it.
 *
 * <p>Confined to the connection's event loop.
 */
final class Patience extends LoopTimer.Timeout {
    private static final long NOTHING = Long.MAX_VALUE;
    private static final int LOOKS = 4; // at a write within its time

    private final LoopTimer timer;
    private final long writeNanos;
    private final Runnable onOverdue;
    private final Runnable onStalled;
    private long sinceNanos; // when the present wait began
    private long limitNanos = NOTHING; // how long it may last
    private long nextLookNanos;
    private long progressNanos; // when the write under watch was last seen to have made progress
    private @Nullable WireOutput watched;

    /**
     * Creates the patience of a connection, which waits for nothing.
     *
     * @param write how long a write may make no progress
     * @param onOverdue is run when what {@link #await} waits for has not come in time
     * @param onStalled is run when a write has made no progress in its time
     */
    Patience(LoopTimer timer, Duration write, Runnable onOverdue, Runnable onStalled) {
        this.timer = timer;
        writeNanos = write.toNanos();
        this.onOverdue = onOverdue;
        this.onStalled = onStalled;
    }

    /** Waits for something from now on, and for nothing else. */
    void await(long newLimitNanos) {
        sinceNanos = System.nanoTime();
        limitNanos = newLimitNanos;
        lookWithin(sinceNanos, newLimitNanos);
    }

    /** Waits for nothing; writes are watched all the same. */
    void rest() {
        limitNanos = NOTHING;
    }

    /** Begins to watch what a flush has left in the queue, if it has. */
    void watch(WireOutput output) {
        if (watched == null && output.isPending()) {
            watched = output;
            output.hasProgressed();
            progressNanos = System.nanoTime();
            lookWithin(progressNanos, writeNanos / LOOKS);
        }
    }

    /** Ends all waiting. */
    void stop() {
        limitNanos = NOTHING;
        watched = null;
        timer.cancel(this);
    }

    @Override
    protected void expire() {
        long nowNanos = System.nanoTime();
        if (isStalled(nowNanos)) {
            stop();
            onStalled.run();
            return;
        }
        if (limitNanos != NOTHING && nowNanos - sinceNanos >= limitNanos) {
            rest();
            onOverdue.run();
        }
        long left = limitNanos == NOTHING ? NOTHING : sinceNanos + limitNanos - nowNanos;
        long delayNanos = Math.min(left, watched == null ? NOTHING : writeNanos / LOOKS);
        if (delayNanos != NOTHING) {
            lookWithin(nowNanos, delayNanos);
        }
    }

    private boolean isStalled(long nowNanos) {
        WireOutput output = watched;
        if (output == null) {
            return false;
        }
        if (!output.isPending()) {
            watched = null;
            return false;
        }
        if (output.hasProgressed()) {
            progressNanos = nowNanos;
            return false;
        }
        return nowNanos - progressNanos >= writeNanos;
    }

    private void lookWithin(long nowNanos, long delayNanos) {
        long due = nowNanos + delayNanos;
        if (!isSet() || due - nextLookNanos < 0) {
            nextLookNanos = due;
            timer.set(this, delayNanos);
        }
    }
}
