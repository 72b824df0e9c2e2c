package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.channel.EventLoop;

/** The instance of an event loop, of whichever ABI. Made anywhere; confined to its loop from {@link #begin} on. */
interface LoopGuest {
    /** The instance is in its place. */
    void begin(EventLoop place);

    /**
     * Returns a filter for an exchange.
     *
     * @throws GuestFault if the guest faults
     */
    Filter open(FilterExchange exchange);

    /** Returns whether exchanges can wait for one like it, before they have one: whether all that it answers to a request's head is whether that goes on. */
    boolean canBeAwaited();

    /** Returns whether it takes no further exchanges, for it has faulted, or another one is there. */
    boolean isRetired();

    /** Takes no further exchanges; ends after the last one. */
    void retire();

    /** Ends: no exchange is left. */
    void close();
}
