package io.lb4j.internal.balance;

import io.lb4j.internal.snapshot.EndpointState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster at one moment, as the event loops read it. Immutable.
 *
 * @param members all endpoints of the cluster
 * @param candidates those that are used; null where there is none
 * @param isPanicking whether health is ignored
 */
record Selection(List<EndpointState> members, @Nullable CandidateSet candidates, boolean isPanicking) {
    static final Selection EMPTY = new Selection(List.of(), null, false);

    Selection {
        members = List.copyOf(members);
    }

    List<EndpointState> usable() {
        return candidates == null ? List.of() : candidates.states();
    }
}
