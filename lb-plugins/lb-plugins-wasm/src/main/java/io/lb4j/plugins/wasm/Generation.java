package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A plugin with one state of its module: an instance for each event loop, and one to spare. Thread-safe, but for {@link #filter}, which belongs to the exchange's
 * loop.
 */
final class Generation {
    private static final long END_SECONDS = 10;

    private final Abi abi;
    private final CompiledModule module;
    private final PluginFacilities facilities;
    private final ScheduledExecutorService worker;
    private final int maxRestarts;
    private final List<LoopSeat> seats = new ArrayList<>(); // filled once
    private final AtomicReference<@Nullable LoopGuest> spare = new AtomicReference<>();
    private volatile boolean retired;

    /**
     * What a generation is made of.
     *
     * @param abi what the module is made for
     * @param worker makes instances aside
     * @param maxRestarts in a minute, on each loop
     */
    record Plan(
            Abi abi,
            CompiledModule module,
            PluginFacilities facilities,
            ScheduledExecutorService worker,
            int maxRestarts) {}

    private Generation(Plan plan) {
        this.abi = plan.abi();
        this.module = plan.module();
        this.facilities = plan.facilities();
        this.worker = plan.worker();
        this.maxRestarts = plan.maxRestarts();
    }

    /**
     * Makes all instances, aside.
     *
     * @throws GuestFault if one of them faults, or says that it cannot work with its configuration; none is left then
     */
    static Generation open(Plan plan, List<EventLoop> loops) {
        Generation opened = new Generation(plan);
        boolean fit = false;
        try {
            for (EventLoop loop : loops) {
                opened.seats.add(new LoopSeat(opened, loop, opened.instance()));
            }
            opened.spare.set(opened.instance());
            fit = true;
            return opened;
        } finally {
            if (!fit) {
                opened.seats.forEach(LoopSeat::close);
            }
        }
    }

    private LoopGuest instance() {
        return abi.start(module, facilities);
    }

    int maxRestarts() {
        return maxRestarts;
    }

    /** From now on exchanges may come. */
    void begin() {
        onEachLoop(LoopSeat::begin);
    }

    /** Returns a filter for an exchange, on its loop. */
    Filter filter(FilterExchange exchange) {
        return seats.get(exchange.loop()).filter(exchange);
    }

    /** Returns an instance that is ready, and has the next one made; makes one itself if there is none. Called on an event loop. */
    LoopGuest replacement() {
        LoopGuest ready = spare.getAndSet(null);
        try {
            worker.execute(this::makeSpare);
        } catch (RejectedExecutionException e) {
            facilities.logger().debug("the plugin has ended", e);
        }
        return ready == null ? instance() : ready;
    }

    private void makeSpare() {
        if (retired || spare.get() != null) {
            return;
        }
        try {
            LoopGuest made = instance();
            if (!spare.compareAndSet(null, made) || retired) {
                dropSpare();
            }
        } catch (GuestFault fault) {
            facilities
                    .logger()
                    .warn(
                            "no instance to spare for plugin {}",
                            facilities.settings().name(),
                            fault);
        }
    }

    private void dropSpare() {
        LoopGuest unused = spare.getAndSet(null);
        if (unused != null) {
            unused.close();
        }
    }

    /** Takes no further exchanges; each instance is closed after its last one. */
    void retire() {
        retired = true;
        onEachLoop(LoopSeat::retire);
        dropSpare();
    }

    /** Ends; no exchange is left. Returns when all instances are closed. Not for event loops. */
    void close() {
        retired = true;
        List<Future<?>> ends = new ArrayList<>();
        for (LoopSeat seat : seats) {
            try {
                ends.add(seat.loop().submit(seat::close));
            } catch (RejectedExecutionException e) {
                seat.close(); // the loop has shut down, and is in nobody's way
            }
        }
        ends.forEach(end -> end.awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS));
        dropSpare();
    }

    private void onEachLoop(Consumer<LoopSeat> action) {
        for (LoopSeat seat : seats) {
            try {
                seat.loop().execute(() -> action.accept(seat));
            } catch (RejectedExecutionException e) {
                facilities.logger().debug("the loop has shut down", e);
            }
        }
    }
}
