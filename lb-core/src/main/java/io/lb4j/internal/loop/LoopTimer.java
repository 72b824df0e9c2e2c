package io.lb4j.internal.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of one event loop: a hashed wheel (Varghese and Lauck, 1987) of intrusive lists, so that setting and cancelling one
 * costs a few instructions and makes no object. A timeout fires at its time or up to 17 ms later. The wheel asks the loop to wake
 * only for slots that hold something.
 *
 * <p>Confined to its event loop.
 */
public final class LoopTimer {
    private static final int TICK_SHIFT = 24; // 16.8 ms
    private static final int SLOTS = 512;
    private static final int MASK = SLOTS - 1;
    private static final long MAX_DELAY_NANOS = Long.MAX_VALUE >> 1; // so that no sum with the present overflows

    private final EventLoop eventLoop;
    private final Runnable wakeUp = this::advance;
    private final @Nullable Timeout[] slots = new Timeout[SLOTS];
    private long currentTick;
    private int size;
    private @Nullable Future<?> pendingWakeUp;
    private long wakeUpTick;
    private boolean isAdvancing; // the next wake-up is chosen at the end, of all that are set by then

    /** Something that happens unless it is cancelled in time; a field of whoever waits for it, used again and again. */
    public abstract static class Timeout {
        private @Nullable Timeout next;
        private @Nullable Timeout previous;
        private int slot = -1;
        private long dueTick;

        /** For subclasses. */
        protected Timeout() {}

        /** Called on the event loop when the time has come; the timeout is no longer set, and may be set again. Must not throw. */
        protected abstract void expire();

        /** Returns whether the timeout is set. */
        public final boolean isSet() {
            return slot >= 0;
        }
    }

    LoopTimer(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
        currentTick = System.nanoTime() >> TICK_SHIFT;
    }

    /**
     * Sets a timeout, anew if it was set.
     *
     * @param delayNanos from now, in nanoseconds; what is not positive fires with the next tick
     */
    public void set(Timeout timeout, long delayNanos) {
        cancel(timeout);
        long now = System.nanoTime();
        if (size == 0) {
            currentTick = now >> TICK_SHIFT;
        }
        long due = now + Math.max(0, Math.min(delayNanos, MAX_DELAY_NANOS));
        timeout.dueTick = Math.max(currentTick, due >> TICK_SHIFT) + 1; // the first tick that begins when it is due
        link(timeout);
        if (!isAdvancing && (pendingWakeUp == null || timeout.dueTick < wakeUpTick)) {
            scheduleWakeUp(timeout.dueTick);
        }
    }

    /** Cancels a timeout; does nothing if it is not set. */
    public void cancel(Timeout timeout) {
        if (timeout.slot < 0) {
            return;
        }
        Timeout next = timeout.next;
        Timeout previous = timeout.previous;
        if (previous == null) {
            slots[timeout.slot] = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        timeout.next = null;
        timeout.previous = null;
        timeout.slot = -1;
        size--;
    }

    /** Returns how many timeouts are set. */
    public int size() {
        return size;
    }

    private void link(Timeout timeout) {
        int slot = (int) (timeout.dueTick & MASK);
        Timeout head = slots[slot];
        timeout.next = head;
        if (head != null) {
            head.previous = timeout;
        }
        slots[slot] = timeout;
        timeout.slot = slot;
        size++;
    }

    private void advance() {
        long nowTick = System.nanoTime() >> TICK_SHIFT;
        pendingWakeUp = null;
        // At most one round: a slot holds what is due in this round and in later ones.
        long first = Math.max(currentTick + 1, nowTick - MASK);
        currentTick = nowTick;
        isAdvancing = true;
        try {
            for (long tick = first; tick <= nowTick; tick++) {
                expireSlot((int) (tick & MASK), nowTick);
            }
        } finally {
            isAdvancing = false;
            if (size > 0) {
                scheduleWakeUp(nextOccupiedTick(nowTick));
            }
        }
    }

    private void expireSlot(int slot, long nowTick) {
        Timeout timeout = slots[slot];
        while (timeout != null) {
            if (timeout.dueTick > nowTick) {
                timeout = timeout.next;
                continue;
            }
            cancel(timeout);
            timeout.expire();
            timeout = slots[slot]; // what expired may have changed the list
        }
    }

    private long nextOccupiedTick(long nowTick) {
        for (int ahead = 1; ahead <= SLOTS; ahead++) {
            if (slots[(int) ((nowTick + ahead) & MASK)] != null) {
                return nowTick + ahead;
            }
        }
        return nowTick + SLOTS;
    }

    private void scheduleWakeUp(long tick) {
        Future<?> superseded = pendingWakeUp;
        if (superseded != null) {
            superseded.cancel(false);
        }
        wakeUpTick = tick;
        long delayNanos = (tick << TICK_SHIFT) - System.nanoTime();
        pendingWakeUp = eventLoop.schedule(wakeUp, Math.max(delayNanos, 0), TimeUnit.NANOSECONDS);
    }
}
