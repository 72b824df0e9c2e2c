package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.challenge.Solver;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DomainName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which challenge is tried next for a name: in the order of preference, without those that have failed. Confined to one thread. */
final class ChallengeChoice {
    private final List<Solver> solvers;
    private final Map<DomainName, Set<ChallengeType>> failed = new HashMap<>();

    ChallengeChoice(List<Solver> solvers) {
        this.solvers = solvers;
    }

    /**
     * Finds who answers.
     *
     * @param offered what the authority offers, as the protocol calls it
     */
    Optional<Solver> solver(DomainName name, Set<String> offered) {
        return remaining(name).stream()
                .filter(solver -> offered.contains(solver.type().protocolName()))
                .findFirst();
    }

    private List<Solver> remaining(DomainName name) {
        Set<ChallengeType> without = failed.getOrDefault(name, Set.of());
        return solvers.stream()
                .filter(solver -> solver.isFor(name) && !without.contains(solver.type()))
                .toList();
    }

    /**
     * Says that a kind of challenge has failed for a name.
     *
     * @return whether there is another one to try
     */
    boolean exclude(DomainName name, ChallengeType type) {
        boolean isNew = failed.computeIfAbsent(name, any -> new HashSet<>()).add(type);
        return isNew && !remaining(name).isEmpty();
    }
}
