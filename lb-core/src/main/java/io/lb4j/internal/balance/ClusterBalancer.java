package io.lb4j.internal.balance;

import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Standing;
import io.lb4j.internal.snapshot.Traffic;
import io.lb4j.model.Endpoint;
import io.lb4j.model.Subset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the members of one cluster; an {@link EndpointGeneration} picks among them. It outlives snapshots, and so do the states of its members.
 *
 * <p>What merely reads is for all threads, and never blocks. Everything else is called on the control thread. Event
 * loops see a change as a whole: members, those of them that are used and the picker over these are published by one volatile write.
 * Changes that members report are gathered until the control thread's next task, so that many at once cost one publication.
 */
public final class ClusterBalancer implements EndpointState.Owner, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterBalancer.class);

    /** How many times a slow start's window a new picker is made for the weights as they have grown. */
    private static final int WARM_UP_STEPS = 20;

    private static final long MIN_WARM_UP_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String cluster;
    private final ScheduledExecutorService control;
    private final LongSupplier clock;
    private final Supplier<Traffic> books;
    private final LongAdder panicPicks = new LongAdder();

    private volatile Selection selection = Selection.EMPTY;

    // Confined to the control thread:
    private final Roster<EndpointState> roster = new Roster<>();
    private final List<EndpointState> members = new ArrayList<>(); // of the roster, in the order in which they came
    private final List<Listener> listeners = new ArrayList<>();
    private Set<Subset> subsets = Set.of();
    private EndpointGeneration generation = new EndpointGeneration(this::selection, panicPicks, Set.of());
    private Balancing balancing;
    private boolean hadMembers;
    private boolean publicationPending;
    private @Nullable Future<?> warmUpStep;
    private boolean closed;

    /** Hears of changes, on the control thread, after event loops see them. */
    public interface Listener {
        /** Endpoints have come or gone. */
        void onMembers(Change change);

        /** Other endpoints are used than before, or in other shares. */
        void onUsable(List<EndpointState> usable, boolean panicking);

        /** The standing of a member has changed; event loops may not see it yet. */
        default void onStanding(EndpointState state, Standing before) {}
    }

    /**
     * What an update has changed. Immutable.
     *
     * @param added endpoints that are new
     * @param removed endpoints that are no longer named: they finish what they have
     */
    public record Change(List<EndpointState> added, List<EndpointState> removed) {
        /** Copies what it is given. */
        public Change {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
        }
    }

    /**
     * Creates a balancer without members.
     *
     * @param cluster the cluster's name, for messages
     * @param control runs one task at a time: the control thread
     * @param clock the present in nanoseconds, {@link System#nanoTime()} in earnest
     */
    public ClusterBalancer(String cluster, Balancing balancing, ScheduledExecutorService control, LongSupplier clock) {
        this(cluster, balancing, control, clock, () -> Traffic.NONE);
    }

    /**
     * Creates a balancer without members.
     *
     * @param books makes the books of each member
     */
    public ClusterBalancer(
            String cluster,
            Balancing balancing,
            ScheduledExecutorService control,
            LongSupplier clock,
            Supplier<Traffic> books) {
        this.books = books;
        this.cluster = cluster;
        this.balancing = balancing;
        this.control = control;
        this.clock = clock;
    }

    /** Returns the cluster as the present configuration has it. On the control thread. */
    public EndpointGeneration generation() {
        return generation;
    }

    /** Another configuration takes over: what is changed from now on is not seen by those who go by the one before. */
    public void beginGeneration() {
        generation.end(selection);
        generation = new EndpointGeneration(this::selection, panicPicks, subsets);
    }

    /** Takes over which parts of the cluster are asked for, at once. */
    public void divide(Set<Subset> wanted) {
        if (wanted.equals(subsets)) {
            return;
        }
        subsets = Set.copyOf(wanted);
        beginGeneration();
        publish();
    }

    private Selection selection() {
        return selection;
    }

    /** Returns all members; immutable. */
    public List<EndpointState> members() {
        return selection.members();
    }

    /** Returns the members that are used; immutable. */
    public List<EndpointState> usable() {
        return selection.usable();
    }

    /** Returns whether health is ignored because too few members are healthy. */
    public boolean isPanicking() {
        return selection.isPanicking();
    }

    /** Returns how many picks were made without regard to health. */
    public long panicPicks() {
        return panicPicks.sum();
    }

    /** Returns the member at an address, {@link Endpoint#address()}. On the control thread. */
    public Optional<EndpointState> member(String address) {
        return Optional.ofNullable(roster.get(address));
    }

    /** Adds a listener. It hears of what happens from now on. */
    public void addListener(Listener listener) {
        listeners.add(listener);
    }

    /** Takes over other settings, at once. */
    public void configure(Balancing newBalancing) {
        balancing = newBalancing;
        members.forEach(state -> state.tune(newBalancing.tuning()));
        publish();
    }

    /**
     * Takes over the endpoints that the cluster's sources name now, at once. Members keep their state by their address; of several
     * endpoints with one address the first counts. Endpoints that join others warm up; those of the first update do not.
     */
    public Change update(List<Endpoint> endpoints) {
        List<EndpointState> added = new ArrayList<>();
        List<EndpointState> removed = new ArrayList<>();
        roster.begin();
        for (Endpoint endpoint : endpoints) {
            Roster.Entry<EndpointState> known = roster.find(endpoint);
            if (known == null) {
                EndpointState state = newState(endpoint);
                roster.add(endpoint, state);
                added.add(state);
            } else if (roster.call(known)) {
                EndpointState state = known.value();
                if (state.endpoint().name().equals(endpoint.name())) {
                    state.describe(endpoint);
                } else {
                    // It asks for another certificate now: connections and checks under the old name tell nothing of
                    // it.
                    removed.add(state);
                    known.setValue(newState(endpoint));
                    added.add(known.value());
                }
            }
        }
        removed.addAll(roster.end());
        removed.forEach(EndpointState::leave);
        if (!removed.isEmpty()) {
            members.removeAll(new HashSet<>(removed));
        }
        members.addAll(added);
        hadMembers |= !members.isEmpty();
        publish();
        Change change = new Change(added, removed);
        if (!added.isEmpty() || !removed.isEmpty()) {
            listeners.forEach(listener -> listener.onMembers(change));
        }
        return change;
    }

    private EndpointState newState(Endpoint endpoint) {
        EndpointState state = new EndpointState(endpoint, balancing.tuning(), clock, this);
        if (hadMembers) {
            state.warmUp();
        }
        return state;
    }

    @Override
    public Traffic newTraffic() {
        return books.get();
    }

    @Override
    public void onStanding(EndpointState state, Standing before) {
        listeners.forEach(listener -> listener.onStanding(state, before));
    }

    /** Gathers a member's change into the next publication. */
    @Override
    public void onChange(EndpointState state) {
        if (!publicationPending && !closed) {
            publicationPending = true;
            control.execute(this::publishPending);
        }
    }

    /** Stops making publications for its own sake. Exchanges that have begun go on among the endpoints that there were. */
    @Override
    public void close() {
        closed = true;
        beginGeneration();
        cancelWarmUpStep();
    }

    private void publishPending() {
        // An update or a configuration may have published the change already.
        if (publicationPending && !closed) {
            publish();
        }
    }

    private void publish() {
        publicationPending = false;
        Selection before = selection;
        Selection after;
        try {
            after = select(before);
        } catch (RuntimeException e) {
            // Thrown by a policy, which may be anyone's. Requests go on with what there was before.
            LOG.error(
                    "cluster {}: policy {} made no picker; the last one goes on",
                    cluster,
                    balancing.policy().name(),
                    e);
            return;
        }
        selection = after;
        logPanic(before, after);
        if (before.candidates() != after.candidates() || before.isPanicking() != after.isPanicking()) {
            List<EndpointState> usable = after.usable();
            listeners.forEach(listener -> listener.onUsable(usable, after.isPanicking()));
        }
        scheduleWarmUpStep(after);
    }

    /** Decides who is used, in the whole and in each part that is asked for. */
    private Selection select(Selection before) {
        List<EndpointState> all = List.copyOf(members);
        Map<Subset, Selection> parts = new HashMap<>();
        for (Subset subset : subsets) {
            List<EndpointState> part = all.stream()
                    .filter(state -> subset.contains(state.endpoint()))
                    .toList();
            // Where others may serve, a part of which nobody is well does not panic: the others are asked.
            boolean leaves = subset.fallsBack()
                    && part.stream().noneMatch(state -> state.standing().isUsable());
            parts.put(
                    subset,
                    leaves
                            ? new Selection(part, null, false, Map.of())
                            : select(part, before.subset(subset).candidates(), Map.of()));
        }
        return select(all, before.candidates(), parts);
    }

    private Selection select(List<EndpointState> all, @Nullable CandidateSet present, Map<Subset, Selection> parts) {
        Chosen chosen = Chosen.of(all, balancing);
        boolean panicking = chosen.isPanicking();
        if (chosen.states().isEmpty()) {
            return new Selection(all, null, panicking, parts);
        }
        boolean same = present != null && present.isStillRightFor(chosen.states(), balancing.policy());
        CandidateSet candidates = same ? present : new CandidateSet(chosen.states(), balancing.policy());
        return new Selection(all, candidates, panicking, parts);
    }

    private void logPanic(Selection before, Selection after) {
        int all = after.members().size();
        int used = after.usable().size();
        if (after.isPanicking() && !before.isPanicking()) {
            long percent = Math.round(balancing.panicThreshold() * 100);
            LOG.warn(
                    "cluster {}: fewer than {} % of {} endpoints are healthy; {} are used whether healthy or not",
                    cluster, percent, all, used);
        } else if (before.isPanicking() && !after.isPanicking()) {
            LOG.info("cluster {}: enough endpoints are healthy again; {} of {} are used", cluster, used, all);
        }
    }

    private void scheduleWarmUpStep(Selection current) {
        cancelWarmUpStep();
        if (!closed && current.usable().stream().anyMatch(EndpointState::isWarming)) {
            long window = balancing.tuning().slowStart().window().toNanos();
            long step = Math.max(window / WARM_UP_STEPS, MIN_WARM_UP_STEP_NANOS);
            warmUpStep = control.schedule(this::publish, step, TimeUnit.NANOSECONDS);
        }
    }

    private void cancelWarmUpStep() {
        Future<?> step = warmUpStep;
        if (step != null) {
            step.cancel(false);
            warmUpStep = null;
        }
    }
}
