package io.lb4j.internal.filter;

import io.lb4j.exchange.Exchange;
import io.lb4j.exchange.LogContext;
import io.lb4j.internal.snapshot.PluginTraffic;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Plugin;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin from its start to its end, whatever the configurations in between: its books, whether it is out, and how many exchanges are with it on
 * each event loop. Thread-safe, but for what is said to be confined to a loop.
 */
public final class PluginInstance {
    private static final Logger LOGGER = LoggerFactory.getLogger(PluginInstance.class);
    private static final long LOG_NANOS = 1_000_000_000L; // failures are logged once a second at the most

    private final String place;
    private final Plugin plugin;
    private final Plugin.Type type;
    private final PluginTraffic traffic;
    private final LoopCalls calls;
    private final Outage outage;
    private final LongSupplier clock;
    private final Consumer<ControlEvent> events;
    private final Tally[] tallies;
    private final AtomicLong loggedNanos;

    /** What belongs to one event loop, and is confined to it. */
    private static final class Tally {
        private long active;
        private @Nullable Runnable whenUnused;
    }

    /**
     * What all plugins share.
     *
     * @param events takes what observers are told
     */
    public record Base(LoopCalls calls, LongSupplier clock, Consumer<ControlEvent> events) {}

    /** Creates the instance of a plugin that has been initialised. */
    public PluginInstance(String place, Plugin plugin, PluginTraffic traffic, PluginLimits limits, Base base) {
        this.place = place;
        this.plugin = plugin;
        this.type = plugin.type();
        this.traffic = traffic;
        this.calls = base.calls();
        this.clock = base.clock();
        this.events = base.events();
        this.outage = new Outage(limits, clock);
        this.loggedNanos = new AtomicLong(clock.getAsLong() - LOG_NANOS);
        this.tallies = new Tally[calls.loops()];
        for (int i = 0; i < tallies.length; i++) {
            tallies[i] = new Tally();
        }
    }

    /** Returns where it was declared. */
    public String place() {
        return place;
    }

    /** Returns the plugin. */
    public Plugin plugin() {
        return plugin;
    }

    /** Returns which way it works. */
    public Plugin.Type type() {
        return type;
    }

    /** Takes over other limits. */
    public void limits(PluginLimits limits) {
        outage.limits(limits);
    }

    /** Returns whether new exchanges are kept from it. */
    public boolean isOut() {
        return outage.isOut();
    }

    /**
     * Has something run once no exchange on a loop is with the plugin, at once if that is so. Confined to the loop.
     *
     * @param whenUnused takes the place of an earlier one; null to wait no longer
     */
    public void whenUnused(int loop, @Nullable Runnable whenUnused) {
        Tally tally = tallies[loop];
        tally.whenUnused = whenUnused;
        tellIfUnused(tally);
    }

    private static void tellIfUnused(Tally tally) {
        Runnable told = tally.whenUnused;
        if (tally.active == 0 && told != null) {
            tally.whenUnused = null;
            told.run();
        }
    }

    void exchangeBegan(int loop) {
        tallies[loop].active++;
    }

    void exchangeEnded(int loop) {
        Tally tally = tallies[loop];
        tally.active--;
        tellIfUnused(tally);
    }

    PluginTraffic traffic() {
        return traffic;
    }

    LoopCalls.Slot slot(int loop) {
        return calls.slot(loop);
    }

    long blockNanos() {
        return outage.limits().blockNanos();
    }

    /** Returns whether exchanges that begin now may come to it; it may just have come back. */
    boolean takesPart() {
        Outage.Turn turn = outage.ask();
        if (turn == Outage.Turn.CAME_BACK) {
            LOGGER.warn("plugin {} is tried again", place);
            events.accept(new ControlEvent.PluginTriedAgain(place));
        }
        return turn == Outage.Turn.IN || turn == Outage.Turn.CAME_BACK;
    }

    /** A call has thrown. */
    void failed(Exchange exchange, Throwable fault) {
        traffic.failed();
        long now = clock.getAsLong();
        long last = loggedNanos.get();
        if (now - last >= LOG_NANOS && loggedNanos.compareAndSet(last, now)) {
            LogContext.of(
                    exchange,
                    () -> LOGGER.warn(
                            "plugin {} failed on exchange {}; for a second it is counted only",
                            place,
                            exchange.id(),
                            fault));
        }
        noteLeft(outage.failed(), "it has failed too often");
    }

    /** A pause was not resumed in time. */
    void timedOut(Exchange exchange) {
        traffic.timedOut();
        if (LOGGER.isDebugEnabled()) {
            LogContext.of(
                    exchange,
                    () -> LOGGER.debug("plugin {} did not let exchange {} go on in time", place, exchange.id()));
        }
        noteLeft(outage.failed(), "it has been late too often");
    }

    /** A call holds an event loop. */
    void blocks(Thread thread, long heldNanos) {
        traffic.blocked();
        Throwable where = new Throwable("what " + thread.getName() + " was doing");
        where.setStackTrace(thread.getStackTrace());
        LOGGER.error("plugin {} has held {} for {} ms", place, thread.getName(), heldNanos / 1_000_000, where);
        noteLeft(outage.takeOut(), "it holds an event loop");
    }

    private void noteLeft(Outage.Turn turn, String why) {
        if (turn == Outage.Turn.LEFT) {
            traffic.takenOut();
            Duration time = Duration.ofNanos(outage.limits().retryNanos());
            LOGGER.error("plugin {} is taken out for {} ms: {}", place, time.toMillis(), why);
            events.accept(new ControlEvent.PluginTakenOut(place, why, time));
        }
    }

    @Override
    public String toString() {
        return place;
    }
}
