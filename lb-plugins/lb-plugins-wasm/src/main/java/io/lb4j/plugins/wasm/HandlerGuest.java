package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.Guest;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.plugins.wasm.engine.GuestFunction;
import io.lb4j.plugins.wasm.engine.GuestMemory;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a plugin of http-wasm. Exchanges take turns with it: between a request and its response others may come, and the guest tells them apart by the number that
 * it gives. Confined to one event loop.
 */
final class HandlerGuest implements LoopGuest, GuestHost {
    private static final int KNOWN_FEATURES = HandlerExchange.BUFFER_REQUEST | HandlerExchange.BUFFER_RESPONSE;

    private final PluginFacilities facilities;
    private final Effects effects = new Effects();
    private final Guest guest;
    private final GuestFunction handleRequest;
    private final GuestFunction handleResponse;
    private final boolean touchesBodies;

    private @Nullable HandlerExchange current; // whose callback runs
    private int features; // of all exchanges: what was enabled at the start
    private int open;
    private boolean retired;
    private boolean closed;

    private HandlerGuest(CompiledModule module, PluginFacilities facilities) {
        this.facilities = facilities;
        this.guest = module.prepare(facilities.settings().limits());
        guest.start(HandlerAbi.FUNCTIONS.bind(module, facilities.settings(), this));
        this.handleRequest =
                guest.function(HandlerAbi.REQUEST, HandlerAbi.REQUEST_SIGNATURE).orElseThrow();
        this.handleResponse = guest.function(HandlerAbi.RESPONSE, HandlerAbi.RESPONSE_SIGNATURE)
                .orElseThrow();
        this.touchesBodies =
                module.imports().stream().anyMatch(each -> each.name().endsWith("_body"));
    }

    /**
     * Makes an instance.
     *
     * @throws GuestFault if it faults
     */
    static LoopGuest start(CompiledModule module, PluginFacilities facilities) {
        return new HandlerGuest(module, facilities);
    }

    @Override
    public void begin(EventLoop place) {
        effects.begin();
    }

    @Override
    public Filter open(FilterExchange exchange) {
        open++;
        return new HandlerExchange(this, exchange, features);
    }

    /** Returns whether it may read or write bodies. */
    boolean touchesBodies() {
        return touchesBodies;
    }

    /** Calls the guest for a request; returns its number, and in the lowest bit whether the request goes on. */
    long request(HandlerExchange exchange) {
        return call(exchange, handleRequest);
    }

    /** Calls the guest for a response. */
    void response(HandlerExchange exchange, int number) {
        call(exchange, handleResponse, number, 0);
    }

    private long call(HandlerExchange exchange, GuestFunction function, long... arguments) {
        current = exchange;
        long result;
        try {
            result = guest.call(function, arguments);
        } catch (GuestFault fault) {
            effects.forget();
            retire();
            throw fault;
        } finally {
            current = null;
        }
        effects.carryOut();
        return result;
    }

    /**
     * Returns the exchange whose callback runs.
     *
     * @throws GuestFault if there is none: the guest is just starting
     */
    HandlerExchange exchange() {
        HandlerExchange running = current;
        if (running == null) {
            throw new GuestFault(GuestFault.Reason.MISCONDUCT, "guest: asks for a message outside of its callbacks");
        }
        return running;
    }

    /** Enables features, for one exchange, or at the start for all; returns those that are. */
    int enable(int wanted) {
        HandlerExchange running = current;
        if (running != null) {
            return running.enable(wanted & KNOWN_FEATURES);
        }
        features |= wanted & KNOWN_FEATURES;
        return features;
    }

    /** An exchange is over. */
    void leave() {
        open--;
        closeIfUnused();
    }

    @Override
    public boolean canBeAwaited() {
        return !touchesBodies; // or it would have to say now that a body is to be gathered
    }

    @Override
    public boolean isRetired() {
        return retired;
    }

    @Override
    public void retire() {
        retired = true;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (retired && open == 0 && !closed) {
            closed = true;
            guest.close();
        }
    }

    @Override
    public void close() {
        open = 0;
        retire();
    }

    @Override
    public GuestMemory memory() {
        return guest.memory();
    }

    @Override
    public PluginFacilities facilities() {
        return facilities;
    }

    @Override
    public Effects effects() {
        return effects;
    }
}
