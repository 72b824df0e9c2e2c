package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** The instance of one event loop, and what takes its place when it has faulted. Confined to the loop, once it has been published. */
final class LoopSeat {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Generation generation;
    private final EventLoop loop;
    private LoopGuest guest;
    private boolean begun;
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
     * Returns a filter for an exchange.
     *
     * @throws GuestFault if there is no instance, and there may be no further one for the time being
     */
    Filter filter(FilterExchange exchange) {
        begin();
        if (guest.isRetired()) {
            requireRestart();
            guest = generation.replacement();
            guest.begin(loop);
        }
        return guest.open(exchange);
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

    /** Takes no further exchanges. */
    void retire() {
        guest.retire();
    }

    /** Ends; no exchange is left. */
    void close() {
        guest.close();
    }
}
