package io.lb4j.internal.control;

import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.LatencyStatistics;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.stats.TrafficStatistics;
import java.util.Map;

/**
 * What the control plane knows. Immutable.
 *
 * @param version how many configurations have been put in force
 * @param clusters by name
 * @param routes what went by each route, by name
 * @param listeners what came by each listener, by name
 * @param latencies how long the exchanges of each listener took, by the version that clients spoke
 * @param plugins by the place they were declared at
 */
public record ControlStatistics(
        long version,
        Map<String, ClusterStatistics> clusters,
        Map<String, TrafficStatistics> routes,
        Map<String, TrafficStatistics> listeners,
        Map<String, Map<String, LatencyStatistics>> latencies,
        Map<String, PluginStatistics> plugins) {}
