package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** The instance of one event loop, and what takes its place when it has faulted. Confined to the loop, once it has been published. */
final class LoopSeat {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Generation generation;
    private final EventLoop loop;
    private LoopGuest guest;
    private final Queue<WaitingFilter> waiting = new ArrayDeque<>();
    private boolean begun;
    private boolean making; // an instance, aside
    private boolean retiring;
    private boolean closed;
    private int restarts; // within the present window
    private long windowNanos = System.nanoTime();

    LoopSeat(Generation generation, EventLoop loop, LoopGuest guest) {
        this.generation = generation;
        this.loop = loop;
        this.guest = guest;
    }

    EventLoop loop() {
        return loop;
    }

    /** The plugin is in force: timers run, calls are made. */
    void begin() {
        if (!begun) {
            begun = true;
            guest.begin(loop);
        }
    }

    /**
     * Returns a filter for an exchange. Where an instance has to be made for it, that is done aside, and the exchange waits.
     *
     * @throws GuestFault if there is no instance, and there may be no further one for the time being, or it cannot be waited for
     */
    Filter filter(FilterExchange exchange) {
        begin();
        if (!guest.isRetired() || replace()) {
            return guest.open(exchange);
        }
        if (!guest.canBeAwaited()) {
            throw new GuestFault(
                    GuestFault.Reason.MISCONDUCT, "guest: has faulted, and another instance is only being made");
        }
        WaitingFilter filter = new WaitingFilter(exchange);
        waiting.add(filter);
        return filter;
    }

    /** Puts the instance that is to spare in the place of one that has faulted, or has one made; returns whether there is one. */
    private boolean replace() {
        if (making) {
            return false;
        }
        requireRestart();
        LoopGuest spare = generation.takeSpare();
        if (spare == null) {
            making = true;
            generation.makeFor(this);
            return false;
        }
        guest = spare;
        spare.begin(loop);
        return true;
    }

    /** An instance has been made aside. */
    void take(LoopGuest made) {
        making = false;
        if (closed) {
            made.close();
            return;
        }
        guest = made;
        made.begin(loop);
        try {
            while (!waiting.isEmpty() && (!guest.isRetired() || replace())) {
                waiting.remove().arrived(guest);
            }
        } catch (GuestFault tooOften) {
            forgo(tooOften);
        }
        if (retiring) {
            guest.retire();
        }
    }

    /** No instance could be made. */
    void forgo(GuestFault reason) {
        making = false;
        while (!waiting.isEmpty()) {
            waiting.remove().forgo(reason);
        }
    }

    private void requireRestart() {
        long now = System.nanoTime();
        if (now - windowNanos > WINDOW_NANOS) {
            windowNanos = now;
            restarts = 0;
        }
        if (restarts >= generation.maxRestarts()) {
            throw new GuestFault(
                    GuestFault.Reason.MISCONDUCT,
                    "guest: has faulted " + restarts + " times within a minute on this event loop (the limit)");
        }
        restarts++;
    }

    /** Takes no further exchanges, but for those that wait. */
    void retire() {
        retiring = true;
        if (waiting.isEmpty()) {
            guest.retire();
        }
    }

    /** Ends; no exchange is left. */
    void close() {
        closed = true;
        guest.close();
    }
}
