package io.lb4j.internal.control;

import io.lb4j.internal.balance.Roster;
import io.lb4j.model.Endpoint;
import io.lb4j.stats.DiscoveryStatistics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
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
    private final Roster<Boolean> roster = new Roster<>(); // of what is believed: whether it was admitted
    private @Nullable ScheduledFuture<?> pending;
    private long firstUnappliedNanos;
    private boolean hasUnapplied;
    private long heldSinceNanos;

    private volatile Knowledge knowledge; // written on the control thread, read by statistics

    /**
     * A statement compared with what is believed.
     *
     * @param endpoints those that may be taken, each address once
     * @param lost how many of those that are believed are not among them
     */
    private record Statement(List<Endpoint> endpoints, int lost) {}

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
            List<Endpoint> distinct = new ArrayList<>();
            roster.begin();
            for (Endpoint endpoint : remembered) {
                if (roster.find(endpoint) == null) {
                    roster.add(endpoint, false);
                    distinct.add(endpoint);
                }
            }
            roster.end();
            knowledge = knowledge.remembered(List.copyOf(distinct));
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
        Statement said = read();
        long holdNanos = holdNanos(said);
        if (holdNanos == 0) {
            believe(said, false);
            return;
        }
        long now = clock.getAsLong();
        if (!knowledge.isHeld()) {
            heldSinceNanos = now;
            LOGGER.warn(
                    "{} names {} endpoints of {}; the loss is held back for {} s",
                    subject,
                    said.endpoints().size(),
                    knowledge.believed().size(),
                    TimeUnit.NANOSECONDS.toSeconds(holdNanos));
        }
        long left = heldSinceNanos + holdNanos - now;
        if (left > 0) {
            believe(said, true);
            schedule(left);
        } else {
            // A source that is stale no longer stands by what it said. What it says next is judged again.
            believe(said, knowledge.isStale());
        }
    }

    /** Reads what is stated. An endpoint that is believed was admitted before. */
    private Statement read() {
        List<Endpoint> named = new ArrayList<>(stated.size());
        Set<String> refused = new HashSet<>();
        int known = 0;
        roster.begin();
        for (Endpoint endpoint : stated) {
            Roster.Entry<Boolean> entry = roster.find(endpoint);
            boolean isAdmitted = (entry != null && entry.value()) || owner.admits(endpoint);
            if (!isAdmitted) {
                refused.add(endpoint.address());
            } else if (entry == null) {
                roster.add(endpoint, true);
                named.add(endpoint);
            } else if (roster.call(entry)) {
                entry.setValue(true);
                named.add(endpoint);
                known++;
            }
        }
        knowledge = knowledge.skipping(leftOut + refused.size());
        boolean isAll = named.size() == stated.size();
        return new Statement(isAll ? stated : named, knowledge.believed().size() - known);
    }

    /** Returns how long a statement must stand before it is believed; 0 if it is believed at once. */
    private long holdNanos(Statement said) {
        int believed = knowledge.believed().size();
        if (believed == 0) {
            return 0;
        }
        if (said.endpoints().isEmpty()) {
            return settings.doubt().emptyGrace().toNanos();
        }
        boolean suspicious = said.lost() > believed * settings.doubt().panicShare();
        return suspicious ? settings.doubt().panicHold().toNanos() : 0;
    }

    /**
     * Takes over what was read last.
     *
     * @param held whether those that it does not name stay, behind those that it names
     */
    private void believe(Statement said, boolean held) {
        Knowledge before = knowledge;
        List<Endpoint> believed = List.copyOf(said.endpoints());
        if (held) {
            Stream<Endpoint> others =
                    before.believed().stream().filter(endpoint -> !roster.isNamed(endpoint.address()));
            believed = Stream.concat(believed.stream(), others).toList();
            roster.endKeepingOthers();
        } else {
            roster.end();
        }
        knowledge = before.held(held).believing(believed);
        if (knowledge.version() != before.version() || before.version() == 0) {
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
}
