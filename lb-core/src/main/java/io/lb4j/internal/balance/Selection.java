package io.lb4j.internal.balance;

import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.model.Subset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster at one moment, as the event loops read it. Immutable.
 *
 * @param members all endpoints of the cluster
 * @param candidates those that are used; null where there is none
 * @param isPanicking whether health is ignored
 * @param subsets the same of those parts of the cluster that routes ask for; a part is not divided any further
 */
record Selection(
        List<EndpointState> members,
        @Nullable CandidateSet candidates,
        boolean isPanicking,
        Map<Subset, Selection> subsets) {
    static final Selection EMPTY = new Selection(List.of(), null, false, Map.of());

    Selection {
        members = List.copyOf(members);
        subsets = Map.copyOf(subsets);
    }

    /** Returns a part of the cluster; an empty one where nobody has asked for it. */
    Selection subset(Subset subset) {
        Selection known = subsets.get(subset);
        return known == null ? EMPTY : known;
    }

    List<EndpointState> usable() {
        return candidates == null ? List.of() : candidates.states();
    }
}
