package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
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
    private static final long REST_SECONDS = 10; // after which the thread that makes instances ends

    private final Abi abi;
    private final CompiledModule module;
    private final PluginFacilities facilities;
    private final ThreadPoolExecutor maker; // of its own: fetching and compiling another module keeps nobody waiting
    private final int maxRestarts;
    private final List<LoopSeat> seats = new ArrayList<>(); // filled once
    private final AtomicReference<@Nullable LoopGuest> spare = new AtomicReference<>();
    private volatile boolean retired;

    /**
     * What a generation is made of.
     *
     * @param abi what the module is made for
     * @param maxRestarts in a minute, on each loop
     */
    record Plan(Abi abi, CompiledModule module, PluginFacilities facilities, int maxRestarts) {}

    private Generation(Plan plan) {
        this.abi = plan.abi();
        this.module = plan.module();
        this.facilities = plan.facilities();
        this.maxRestarts = plan.maxRestarts();
        this.maker = new ThreadPoolExecutor(1, 1, REST_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread =
                    new Thread(task, "lb4j-wasm-maker-" + facilities.settings().name());
            thread.setDaemon(true);
            return thread;
        });
        maker.allowCoreThreadTimeOut(true);
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
                opened.maker.shutdown();
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

    /** Returns the instance that is to spare, or null; another one is made then. Called on an event loop. */
    @Nullable LoopGuest takeSpare() {
        LoopGuest ready = spare.getAndSet(null);
        if (ready != null) {
            aside(this::makeSpare);
        }
        return ready;
    }

    /** Has an instance made for a seat: making one can take the processor for longer than an event loop may be held. */
    void makeFor(LoopSeat seat) {
        boolean begun = aside(() -> {
            try {
                LoopGuest ready = spare.getAndSet(null); // made meanwhile
                LoopGuest made = ready == null ? instance() : ready;
                if (!onLoop(seat, () -> seat.take(made))) {
                    made.close();
                }
            } catch (GuestFault fault) {
                onLoop(seat, () -> seat.forgo(fault));
            }
            makeSpare();
        });
        if (!begun) {
            GuestFault reason =
                    new GuestFault(GuestFault.Reason.MISCONDUCT, "guest: has faulted, and another module is in force");
            onLoop(seat, () -> seat.forgo(reason));
        }
    }

    private boolean aside(Runnable task) {
        try {
            maker.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            facilities.logger().debug("no further instances are made", e);
            return false;
        }
    }

    private void makeSpare() {
        if (retired || spare.get() != null) {
            return;
        }
        try {
            LoopGuest made = instance();
            if (!spare.compareAndSet(null, made)) {
                made.close();
            } else if (retired) {
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
        maker.shutdown(); // once it has made those that are waited for
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
        endMaker();
        dropSpare();
    }

    private void endMaker() {
        maker.shutdown();
        try {
            if (!maker.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                facilities.logger().warn("an instance is still being made, for nobody");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends by itself, within the time for a start
        }
    }

    private void onEachLoop(Consumer<LoopSeat> action) {
        for (LoopSeat seat : seats) {
            onLoop(seat, () -> action.accept(seat));
        }
    }

    private boolean onLoop(LoopSeat seat, Runnable action) {
        try {
            seat.loop().execute(action);
            return true;
        } catch (RejectedExecutionException e) {
            facilities.logger().debug("the loop has shut down", e);
            return false;
        }
    }
}
