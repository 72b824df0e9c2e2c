package io.lb4j.internal.control;

import io.lb4j.internal.observe.PluginCounters;
import io.lb4j.stats.PluginStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The plugins that exchanges go without, for they need not be there and could not be initialised: by place, and told of like a plugin that misses what it depends on. Methods named {@code sequential…} are called on
 * the control thread.
 */
final class LeftOutPlugins {
    /** The name of what such a plugin misses. */
    static final String START = "start";

    private final ControlContext control;
    private final Map<String, Absence> known =
            new HashMap<>(); // confined to the control thread; of places that are in the configuration
    private volatile Map<String, Absence> present = Map.of(); // those that are left out

    /** One place, from the first time that its plugin is left out until the configuration has it no longer. */
    private static final class Absence {
        private final PluginNeed start;
        private boolean over; // confined to the control thread

        Absence(String place, ControlContext control) {
            start = new PluginNeed(START, new PluginNeed.Owner(place, () -> !over, control));
        }
    }

    LeftOutPlugins(ControlContext control) {
        this.control = control;
    }

    /** Returns what is told of a plugin that cannot be initialised. */
    static String reason(Throwable fault) {
        String message = fault.getMessage();
        return "cannot begin, exchanges go without it: " + (message == null ? fault.toString() : message);
    }

    /**
     * Takes over what another configuration has led to.
     *
     * @param reasons by place why a plugin is left out
     * @param inForce places of plugins that are in force
     */
    void sequentialCommit(Map<String, String> reasons, Set<String> inForce) {
        reasons.forEach((place, reason) -> known.computeIfAbsent(place, fresh -> new Absence(fresh, control))
                .start
                .troubled(reason));
        known.entrySet()
                .removeIf(entry -> !reasons.containsKey(entry.getKey())
                        && !sequentialIsBack(entry.getValue(), inForce.contains(entry.getKey())));
        Map<String, Absence> left = new HashMap<>(known);
        left.keySet().retainAll(reasons.keySet());
        present = Map.copyOf(left);
    }

    /** The plugin is left out no longer; returns whether that is so because it is there. */
    private static boolean sequentialIsBack(Absence absence, boolean isThere) {
        absence.over = !isThere;
        absence.start.well();
        return isThere;
    }

    /** Says nothing more. */
    void sequentialClose() {
        known.values().forEach(absence -> absence.over = true);
        known.clear();
    }

    /** Returns the plugins that are left out, by place. Thread-safe. */
    Map<String, PluginStatistics> statistics() {
        Map<String, PluginStatistics> statistics = new HashMap<>();
        present.forEach((place, absence) -> statistics.put(
                place,
                new PluginStatistics(
                        "",
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        true,
                        new PluginCounters(1).summarize().latency(),
                        Map.of(),
                        Map.of(START, absence.start.statistics()))));
        return statistics;
    }
}
