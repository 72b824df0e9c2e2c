package io.lb4j.internal.control;

import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of what a discovery says what a cluster does: changes that come thick and fast are taken together; an error keeps what is known, for
 * ever, and marks it as stale; an empty list is believed after a time of grace; a sudden loss of most endpoints is held back (as in Finagle's
 * StabilizingAddr, removals wait until the source has stood by them). All of it happens on the control thread, whichever thread the source
 * speaks on.
 */
final class EndpointFeed implements Discovery.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(EndpointFeed.class);

    private final String cluster;
    private final FeedSettings settings;
    private final ScheduledExecutorService control;
    private final LongSupplier clock;
    private final Consumer<List<Endpoint>> target;

    // All below are confined to the control thread.
    private List<Endpoint> applied = List.of();
    private List<Endpoint> stated = List.of();
    private @Nullable ScheduledFuture<?> pending;
    private long firstUnappliedNanos;
    private boolean hasUnapplied;
    private boolean hasSpoken;
    private volatile boolean held; // read by statistics
    private long heldSinceNanos;
    private volatile boolean stale; // read by statistics
    private long lastHeardNanos;
    private long errors;

    EndpointFeed(
            String cluster,
            FeedSettings settings,
            ScheduledExecutorService control,
            LongSupplier clock,
            Consumer<List<Endpoint>> target) {
        this.cluster = cluster;
        this.settings = settings;
        this.control = control;
        this.clock = clock;
        this.target = target;
        this.lastHeardNanos = clock.getAsLong();
    }

    @Override
    public void onEndpoints(List<Endpoint> endpoints) {
        List<Endpoint> copy = distinct(endpoints);
        onControl(() -> sequentialState(copy));
    }

    @Override
    public void onError(Throwable reason) {
        onControl(() -> sequentialError(reason));
    }

    /** Serves what a file remembers until the source has spoken. */
    void sequentialRestore(List<Endpoint> remembered) {
        if (!hasSpoken && !remembered.isEmpty()) {
            applied = remembered;
            stale = true;
            target.accept(remembered);
        }
    }

    /** Forgets whatever waits. */
    void sequentialStop() {
        if (pending != null) {
            pending.cancel(false);
            pending = null;
        }
    }

    private void onControl(Runnable action) {
        try {
            control.execute(action);
        } catch (RejectedExecutionException closed) {
            LOGGER.debug("cluster {}: a statement came after the end", cluster);
        }
    }

    private void sequentialState(List<Endpoint> endpoints) {
        lastHeardNanos = clock.getAsLong();
        if (stale) {
            LOGGER.info("cluster {}: its source speaks again", cluster);
            stale = false;
        }
        stated = endpoints;
        if (!hasSpoken) {
            hasSpoken = true;
            sequentialApply();
            return;
        }
        if (!hasUnapplied) {
            hasUnapplied = true;
            firstUnappliedNanos = lastHeardNanos;
        }
        long latest = firstUnappliedNanos + settings.pace().maxWait().toNanos() - lastHeardNanos;
        schedule(Math.min(settings.pace().quiet().toNanos(), Math.max(latest, 0)));
    }

    private void sequentialError(Throwable reason) {
        errors++;
        if (!stale) {
            stale = true;
            LOGGER.warn(
                    "cluster {}: its source cannot be asked; {} endpoints stay in force",
                    cluster,
                    applied.size(),
                    reason);
        }
    }

    private void sequentialApply() {
        pending = null;
        long now = clock.getAsLong();
        long holdNanos = holdNanos();
        if (holdNanos == 0) {
            held = false;
            publish(stated);
            return;
        }
        if (!held) {
            held = true;
            heldSinceNanos = now;
            LOGGER.warn(
                    "cluster {}: of {} endpoints its source names {}; the loss is held back",
                    cluster,
                    applied.size(),
                    stated.size());
        }
        long left = heldSinceNanos + holdNanos - now;
        if (left > 0) {
            publish(union(stated, applied));
            schedule(left);
        } else {
            held = false;
            publish(stated);
        }
    }

    /** Returns how long the present statement must stand before it is believed; 0 if it is believed at once. */
    private long holdNanos() {
        if (applied.isEmpty()) {
            return 0;
        }
        if (stated.isEmpty()) {
            return settings.doubt().emptyGrace().toNanos();
        }
        Map<String, Endpoint> kept = byAddress(stated);
        long lost = applied.stream()
                .filter(endpoint -> !kept.containsKey(endpoint.address()))
                .count();
        boolean suspicious = lost > applied.size() * settings.doubt().panicShare();
        return suspicious ? settings.doubt().panicHold().toNanos() : 0;
    }

    private void publish(List<Endpoint> endpoints) {
        hasUnapplied = false;
        if (!endpoints.equals(applied) || applied.isEmpty()) {
            applied = endpoints;
            target.accept(endpoints);
        }
    }

    private void schedule(long delayNanos) {
        if (pending != null) {
            pending.cancel(false);
        }
        pending = control.schedule(this::sequentialApply, delayNanos, TimeUnit.NANOSECONDS);
    }

    /** Returns whether the source could not be asked the last time. */
    boolean isStale() {
        return stale;
    }

    /** Returns whether a loss is held back. */
    boolean isHeld() {
        return held;
    }

    /** Returns how long ago the source spoke. */
    Duration age() {
        return Duration.ofNanos(clock.getAsLong() - lastHeardNanos);
    }

    long errors() {
        return errors;
    }

    private static List<Endpoint> distinct(List<Endpoint> endpoints) {
        return List.copyOf(byAddress(endpoints).values());
    }

    private static List<Endpoint> union(List<Endpoint> newer, List<Endpoint> older) {
        Map<String, Endpoint> union = byAddress(newer);
        for (Endpoint endpoint : older) {
            union.putIfAbsent(endpoint.address(), endpoint);
        }
        return new ArrayList<>(union.values());
    }

    private static Map<String, Endpoint> byAddress(List<Endpoint> endpoints) {
        Map<String, Endpoint> byAddress = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> byAddress.put(endpoint.address(), endpoint));
        return byAddress;
    }
}
