package io.lb4j.internal.balance;

import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Health;
import io.lb4j.internal.snapshot.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Which of some endpoints are used: those of the first {@linkplain io.lb4j.model.Endpoint#priority() priority} of which enough are well. Where there
 * is none such, the first of which anybody can serve. Immutable.
 *
 * @param states maybe none
 * @param isPanicking whether health is ignored
 */
record Chosen(List<EndpointState> states, boolean isPanicking) {
    private static final Chosen NOBODY = new Chosen(List.of(), false);

    /** Those of one priority. */
    private static final class Level {
        private final int priority;
        private final List<EndpointState> available;
        private final List<EndpointState> healthy;

        Level(int priority, int expected) {
            this.priority = priority;
            available = new ArrayList<>(expected);
            healthy = new ArrayList<>(expected);
        }

        void add(EndpointState state, boolean isHealthy) {
            available.add(state);
            if (isHealthy) {
                healthy.add(state);
            }
        }

        boolean isWell(double threshold) {
            return !healthy.isEmpty() && healthy.size() >= threshold * available.size();
        }

        Chosen chosen(double threshold) {
            boolean panicking = healthy.size() < threshold * available.size();
            return new Chosen(panicking ? available : healthy, panicking);
        }
    }

    static Chosen of(List<EndpointState> all, Balancing balancing) {
        TreeMap<Integer, Level> levels = new TreeMap<>();
        Level last = null; // nearly all are of one: it is looked up where another follows
        for (EndpointState state : all) {
            Standing standing = state.standing();
            if (standing.isAvailable() && (standing.health() != Health.UNKNOWN || balancing.usesUnchecked())) {
                int priority = standing.endpoint().priority();
                if (last == null || last.priority != priority) {
                    last = levels.computeIfAbsent(
                            priority, found -> new Level(found, levels.isEmpty() ? all.size() : 0));
                }
                last.add(state, standing.isHealthy());
            }
        }
        if (levels.isEmpty()) {
            return NOBODY;
        }
        double threshold = balancing.panicThreshold();
        return levels.values().stream()
                .filter(level -> level.isWell(threshold))
                .findFirst()
                .orElse(levels.firstEntry().getValue())
                .chosen(threshold);
    }
}
