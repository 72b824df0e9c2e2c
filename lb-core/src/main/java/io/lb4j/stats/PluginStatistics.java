package io.lb4j.stats;

import java.util.Map;

/**
 * One plugin. One that need not be there and could not be initialised is out, has no version, and {@code start} among its dependencies says why. Immutable.
 *
 * @param version as the plugin says; empty if it could not be asked
 * @param calls exchanges that came to it
 * @param shortCircuits exchanges that it answered itself
 * @param errors calls that threw
 * @param timeouts pauses that were not resumed in time
 * @param blocks calls that held an event loop for too long
 * @param outages how often it was taken out
 * @param isOut whether new exchanges are kept from it at present: it was taken out, or left out at the start
 * @param latency how long exchanges were with it on their way: its calls, and its pauses
 * @param metrics what it counts itself, by name
 * @param dependencies what it depends on, by name: it may work without, but not as well
 */
public record PluginStatistics(
        String version,
        long calls,
        long shortCircuits,
        long errors,
        long timeouts,
        long blocks,
        long outages,
        boolean isOut,
        LatencyStatistics latency,
        Map<String, Long> metrics,
        Map<String, DependencyStatistics> dependencies) {
    /** Copies what it is given. */
    public PluginStatistics {
        metrics = Map.copyOf(metrics);
        dependencies = Map.copyOf(dependencies);
    }

    /** Returns whether it needs a look: it is out, or something that it depends on is in trouble. */
    public boolean isDegraded() {
        return isOut || !dependencies.values().stream().allMatch(DependencyStatistics::isWell);
    }
}
