package io.lb4j.internal.control;

import io.lb4j.model.Endpoint;
import io.lb4j.stats.DiscoveryStatistics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of what a discovery says what is believed of it: changes that come thick and fast are taken together; an error keeps what is known,
 * for ever, and marks it as stale; an empty list is believed after a time of grace; a sudden loss of most endpoints is held back (as in
 * Finagle's StabilizingAddr, removals wait until the source has stood by them, and does so still). Confined to the control thread, but for
 * what it tells statistics.
 */
final class EndpointFeed {
    private static final Logger LOGGER = LoggerFactory.getLogger(EndpointFeed.class);

    private final String subject; // for messages: cluster and source
    private final Owner owner;
    private final ScheduledExecutorService control;
    private final LongSupplier clock;

    // All below are confined to the control thread.
    private FeedSettings settings;
    private List<Endpoint> stated = List.of();
    private int leftOut; // entries of what is stated that the source cannot understand
    private @Nullable ScheduledFuture<?> pending;
    private long firstUnappliedNanos;
    private boolean hasUnapplied;
    private long heldSinceNanos;

    private volatile Knowledge knowledge; // written on the control thread, read by statistics

    /** Hears what is believed, and of the source's silence. On the control thread. */
    interface Owner {
        /** Returns whether an entry may be taken at all. */
        boolean admits(Endpoint endpoint);

        /** Something else is believed than before, or the source has spoken or failed for the first time. */
        void onBelieved();

        /** The source could be asked the last time, and cannot now. */
        void onStale(Throwable reason);

        /** The source speaks again. */
        void onFresh(Duration silence);
    }

    /**
     * What is known of a source. Immutable.
     *
     * @param believed the endpoints in force
     * @param skipped how many entries of the last statement may not be taken, or cannot be understood
     * @param hasSpoken whether the source has said anything yet
     * @param isStale whether it could not be asked the last time, or only what is remembered of it is known
     * @param isHeld whether a loss is held back
     * @param sinceNanos when it last spoke, or was begun to be watched
     * @param errors how often it could not be asked
     * @param version how often what is believed has changed
     * @param lastError why it could not be asked
     */
    private record Knowledge(
            List<Endpoint> believed,
            int skipped,
            boolean hasSpoken,
            boolean isStale,
            boolean isHeld,
            long sinceNanos,
            long errors,
            long version,
            Optional<String> lastError) {
        Knowledge heard(long nowNanos) {
            return new Knowledge(believed, skipped, true, false, isHeld, nowNanos, errors, version, lastError);
        }

        Knowledge failed(String reason) {
            return new Knowledge(
                    believed, skipped, hasSpoken, true, isHeld, sinceNanos, errors + 1, version, Optional.of(reason));
        }

        Knowledge believing(List<Endpoint> endpoints) {
            long next = endpoints.equals(believed) ? version : version + 1;
            return new Knowledge(endpoints, skipped, hasSpoken, isStale, isHeld, sinceNanos, errors, next, lastError);
        }

        Knowledge skipping(int entries) {
            return new Knowledge(believed, entries, hasSpoken, isStale, isHeld, sinceNanos, errors, version, lastError);
        }

        Knowledge held(boolean held) {
            return new Knowledge(believed, skipped, hasSpoken, isStale, held, sinceNanos, errors, version, lastError);
        }

        Knowledge remembered(List<Endpoint> endpoints) {
            return new Knowledge(endpoints, 0, false, true, false, sinceNanos, errors, version + 1, lastError);
        }
    }

    EndpointFeed(
            String subject, FeedSettings settings, Owner owner, ScheduledExecutorService control, LongSupplier clock) {
        this.subject = subject;
        this.settings = settings;
        this.owner = owner;
        this.control = control;
        this.clock = clock;
        knowledge = new Knowledge(List.of(), 0, false, false, false, clock.getAsLong(), 0, 0, Optional.empty());
    }

    /** Takes over other settings, for what is said from now on. */
    void sequentialConfigure(FeedSettings newSettings) {
        settings = newSettings;
    }

    /** Serves what a file remembers until the source has spoken. */
    void sequentialRestore(List<Endpoint> remembered) {
        if (!knowledge.hasSpoken() && !remembered.isEmpty()) {
            knowledge = knowledge.remembered(remembered);
        }
    }

    /** Forgets whatever waits. */
    void sequentialStop() {
        if (pending != null) {
            pending.cancel(false);
            pending = null;
        }
    }

    /** The source has said what there is, all of it. */
    void sequentialState(List<Endpoint> endpoints) {
        sequentialState(endpoints, 0);
    }

    /** The source has said what there is, but for some entries that cannot be understood. */
    void sequentialState(List<Endpoint> endpoints, int notUnderstood) {
        if (endpoints.isEmpty() && notUnderstood > leftOut) {
            // Whoever speaks gibberish does not say that all are gone; but he who spoke of others too before does.
            knowledge = knowledge.skipping(notUnderstood);
            sequentialError(new IOException("none of its " + notUnderstood + " entries can be understood"));
            return;
        }
        Knowledge before = knowledge;
        long now = clock.getAsLong();
        knowledge = before.heard(now);
        stated = endpoints;
        leftOut = notUnderstood;
        if (before.isStale()) {
            LOGGER.info("{} speaks again", subject);
            owner.onFresh(Duration.ofNanos(now - before.sinceNanos()));
        }
        if (!before.hasSpoken()) {
            sequentialApply();
            return;
        }
        if (!hasUnapplied) {
            hasUnapplied = true;
            firstUnappliedNanos = now;
        }
        long latest = firstUnappliedNanos + settings.pace().maxWait().toNanos() - now;
        schedule(Math.min(settings.pace().quiet().toNanos(), Math.max(latest, 0)));
    }

    /** The source could not be asked. */
    void sequentialError(Throwable reason) {
        Knowledge before = knowledge;
        boolean first = !before.hasSpoken() && before.errors() == 0;
        knowledge = before.failed(String.valueOf(reason.getMessage()));
        if (!before.isStale() || first) {
            LOGGER.warn(
                    "{} cannot be asked; {} endpoints stay in force: {}",
                    subject,
                    before.believed().size(),
                    reason.toString());
            owner.onStale(reason);
        }
        if (first) {
            owner.onBelieved();
        }
    }

    private void sequentialApply() {
        pending = null;
        hasUnapplied = false;
        Map<String, Endpoint> said = admitted(stated);
        long holdNanos = holdNanos(said);
        if (holdNanos == 0) {
            believe(said.values(), false);
            return;
        }
        long now = clock.getAsLong();
        List<Endpoint> believed = knowledge.believed();
        if (!knowledge.isHeld()) {
            heldSinceNanos = now;
            LOGGER.warn(
                    "{} names {} endpoints of {}; the loss is held back for {} s",
                    subject,
                    said.size(),
                    believed.size(),
                    TimeUnit.NANOSECONDS.toSeconds(holdNanos));
        }
        long left = heldSinceNanos + holdNanos - now;
        if (left > 0) {
            believe(union(said, believed), true);
            schedule(left);
        } else if (knowledge.isStale()) {
            // It no longer stands by what it said. What it says next is judged again.
            believe(union(said, believed), true);
        } else {
            believe(said.values(), false);
        }
    }

    private Map<String, Endpoint> admitted(List<Endpoint> endpoints) {
        Map<String, Endpoint> admitted = byAddress(endpoints);
        int distinct = admitted.size();
        admitted.values().removeIf(endpoint -> !owner.admits(endpoint));
        knowledge = knowledge.skipping(leftOut + distinct - admitted.size());
        return admitted;
    }

    /** Returns how long a statement must stand before it is believed; 0 if it is believed at once. */
    private long holdNanos(Map<String, Endpoint> said) {
        List<Endpoint> believed = knowledge.believed();
        if (believed.isEmpty()) {
            return 0;
        }
        if (said.isEmpty()) {
            return settings.doubt().emptyGrace().toNanos();
        }
        long lost = believed.stream()
                .filter(endpoint -> !said.containsKey(endpoint.address()))
                .count();
        boolean suspicious = lost > believed.size() * settings.doubt().panicShare();
        return suspicious ? settings.doubt().panicHold().toNanos() : 0;
    }

    private void believe(Collection<Endpoint> endpoints, boolean held) {
        Knowledge before = knowledge;
        List<Endpoint> copy = List.copyOf(endpoints);
        knowledge = before.held(held).believing(copy);
        if (!copy.equals(before.believed()) || before.version() == 0) {
            owner.onBelieved();
        }
    }

    private void schedule(long delayNanos) {
        sequentialStop();
        pending = control.schedule(this::sequentialApply, delayNanos, TimeUnit.NANOSECONDS);
    }

    /** Returns the endpoints in force. */
    List<Endpoint> believed() {
        return knowledge.believed();
    }

    /** Returns whether the source has spoken or failed. */
    boolean isSettled() {
        Knowledge known = knowledge;
        return known.hasSpoken() || known.errors() > 0;
    }

    boolean isStale() {
        return knowledge.isStale();
    }

    /** Returns what operators see. On any thread. */
    DiscoveryStatistics statistics(String source) {
        Knowledge known = knowledge;
        Duration age = Duration.ofNanos(clock.getAsLong() - known.sinceNanos());
        DiscoveryStatistics.State state = DiscoveryStatistics.State.FRESH;
        if (known.isStale()) {
            state = DiscoveryStatistics.State.STALE;
        } else if (!known.hasSpoken()) {
            state = DiscoveryStatistics.State.STARTING;
        } else if (known.isHeld()) {
            state = DiscoveryStatistics.State.HELD;
        }
        return new DiscoveryStatistics(
                source,
                state,
                known.believed().size(),
                known.skipped(),
                known.hasSpoken() ? Optional.of(Instant.now().minus(age)) : Optional.empty(),
                age,
                known.errors(),
                known.version(),
                known.lastError());
    }

    private static Collection<Endpoint> union(Map<String, Endpoint> newer, List<Endpoint> older) {
        Map<String, Endpoint> union = new LinkedHashMap<>(newer);
        older.forEach(endpoint -> union.putIfAbsent(endpoint.address(), endpoint));
        return union.values();
    }

    private static Map<String, Endpoint> byAddress(List<Endpoint> endpoints) {
        Map<String, Endpoint> byAddress = new LinkedHashMap<>(2 * endpoints.size());
        endpoints.forEach(endpoint -> byAddress.putIfAbsent(endpoint.address(), endpoint));
        return byAddress;
    }
}
