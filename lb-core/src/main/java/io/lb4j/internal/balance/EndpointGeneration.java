package io.lb4j.internal.balance;

import io.lb4j.exchange.Exchange;
import io.lb4j.internal.snapshot.EndpointPicker;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.TriedEndpoints;
import io.lb4j.model.Subset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a cluster as one configuration has it, and what becomes of them while it is in force. When another takes over, exchanges that
 * began before go on among the endpoints that there were at the end: nobody sees the routes of one configuration and the endpoints of another.
 * Only where one has failed, and what is left has gone from the cluster since, are those asked that are there at present. Thread-safe.
 */
public final class EndpointGeneration implements EndpointPicker {
    private final Supplier<Selection> present;
    private final LongAdder panicPicks;
    private final Map<Subset, EndpointPicker> parts;
    private volatile @Nullable Selection last; // once it is past

    /**
     * Creates the generation in force.
     *
     * @param present the cluster at the moment
     * @param panicPicks counts picks made without regard to health
     * @param wanted the parts of the cluster that are asked for
     */
    EndpointGeneration(Supplier<Selection> present, LongAdder panicPicks, Set<Subset> wanted) {
        this.present = present;
        this.panicPicks = panicPicks;
        Map<Subset, EndpointPicker> pickers = new HashMap<>();
        wanted.forEach(subset -> pickers.put(subset, (exchange, tried) -> pick(exchange, tried, subset)));
        parts = Map.copyOf(pickers);
    }

    /** It is past: what changes from now on is not seen here. */
    void end(Selection atTheEnd) {
        last = atTheEnd;
    }

    /** Returns who picks in each part of the cluster that is asked for; immutable. */
    public Map<Subset, EndpointPicker> subsets() {
        return parts;
    }

    /**
     * Picks an endpoint.
     *
     * @throws IllegalStateException if the policy picks what is not there
     */
    @Override
    public @Nullable EndpointState pick(Exchange exchange, @Nullable TriedEndpoints tried) {
        EndpointState picked = pick(exchange, tried, selection());
        if (!hasLeft(picked, tried)) {
            return picked;
        }
        EndpointState other = pick(exchange, tried, present.get());
        return other == null ? picked : other;
    }

    private static boolean hasLeft(@Nullable EndpointState picked, @Nullable TriedEndpoints tried) {
        return tried != null && picked != null && picked.standing().isLeaving();
    }

    /** Picks in one part of the cluster, and where that has nobody to use, in the whole if the part allows that. */
    private @Nullable EndpointState pick(Exchange exchange, @Nullable TriedEndpoints tried, Subset subset) {
        EndpointState picked = pick(exchange, tried, subset, selection());
        if (!hasLeft(picked, tried)) {
            return picked;
        }
        EndpointState other = pick(exchange, tried, subset, present.get());
        return other == null ? picked : other;
    }

    private @Nullable EndpointState pick(
            Exchange exchange, @Nullable TriedEndpoints tried, Subset subset, Selection current) {
        EndpointState picked = pick(exchange, tried, current.subset(subset));
        return picked == null && subset.fallsBack() ? pick(exchange, tried, current) : picked;
    }

    private @Nullable EndpointState pick(Exchange exchange, @Nullable TriedEndpoints tried, Selection current) {
        CandidateSet candidates = current.candidates();
        if (candidates == null) {
            return null;
        }
        if (current.isPanicking()) {
            panicPicks.increment();
        }
        return tried == null ? candidates.pick(exchange) : candidates.pickUntried(exchange, tried);
    }

    private Selection selection() {
        Selection now = present.get(); // first: where it is of the next generation, this one is seen to be past
        Selection frozen = last;
        return frozen == null ? now : frozen;
    }
}
