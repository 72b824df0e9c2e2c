package io.lb4j.internal.health;

import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Health;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Checks the members of one cluster again and again, and writes what it finds into their states. A member is first checked at once,
 * and that one result decides; from then on it takes a run of results to change the verdict. Checks are spread over time: the second
 * check of each member comes at random within the interval.
 *
 * <p>Confined to the control thread. Checks themselves run where the {@link Prober} runs them.
 */
public final class ActiveHealth implements AutoCloseable {
    /** How many members are checked at the same moment when many arrive at once; so many more follow with every pause. */
    private static final int BURST = 64;

    private static final long BURST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final String cluster;
    private final ScheduledExecutorService control;
    private final Map<EndpointState, EndpointChecks> checks = new LinkedHashMap<>();
    private Plan plan;

    /**
     * What is checked and how often. Immutable.
     *
     * @param check when, and what follows
     * @param prober what is done
     */
    public record Plan(ActiveCheck check, Prober prober) {}

    /**
     * Creates checks of no members.
     *
     * @param cluster the cluster's name, for messages
     * @param control runs one task at a time: the control thread
     */
    public ActiveHealth(String cluster, Plan plan, ScheduledExecutorService control) {
        this.cluster = cluster;
        this.plan = plan;
        this.control = control;
    }

    /** Takes over another plan. What was found by the old one holds until the new one finds otherwise. */
    public void configure(Plan newPlan) {
        plan = newPlan;
        List<EndpointState> members = List.copyOf(checks.keySet());
        checks.values().forEach(EndpointChecks::stop);
        checks.clear();
        update(members);
    }

    /** Takes over the members of the cluster. */
    public void update(List<EndpointState> members) {
        Set<EndpointState> wanted = new HashSet<>(members);
        change(
                members,
                checks.keySet().stream()
                        .filter(state -> !wanted.contains(state))
                        .toList());
    }

    /** Takes over who has come to the cluster and who has left it: of a large one that is little. */
    public void change(List<EndpointState> added, List<EndpointState> removed) {
        for (EndpointState state : removed) {
            EndpointChecks ended = checks.remove(state);
            if (ended != null) {
                ended.stop();
            }
        }
        int arrived = 0;
        for (EndpointState state : added) {
            if (!checks.containsKey(state)) {
                EndpointChecks begun = new EndpointChecks(cluster, state, plan, control);
                checks.put(state, begun);
                begun.start(arrived++ / BURST * BURST_PAUSE_NANOS);
            }
        }
    }

    /** Stops. What was found no longer holds: members are {@link Health#UNKNOWN} again. */
    @Override
    public void close() {
        checks.forEach((state, running) -> {
            running.stop();
            state.health(Health.UNKNOWN);
        });
        checks.clear();
    }
}
