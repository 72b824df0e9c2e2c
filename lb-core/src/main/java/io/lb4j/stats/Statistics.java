package io.lb4j.stats;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a balancer has done since its start. Immutable.
 *
 * @param since when it started
 * @param at when the statistics were taken
 * @param configurations how many configurations have been put in force
 * @param listeners by name
 * @param routes by name
 * @param clusters by name
 * @param plugins by the place they were declared at: {@code plugins.auth}, {@code routes.api.plugins.auth}
 * @param configuration what became of configurations
 * @param certificates how those stand that take care of themselves, and then the others that listeners serve
 */
public record Statistics(
        Instant since,
        Instant at,
        long configurations,
        Map<String, ListenerStatistics> listeners,
        Map<String, TrafficStatistics> routes,
        Map<String, ClusterStatistics> clusters,
        Map<String, PluginStatistics> plugins,
        ConfigurationStatistics configuration,
        List<CertificateStatistics> certificates) {
    /** Copies what it is given. */
    public Statistics {
        listeners = Map.copyOf(listeners);
        routes = Map.copyOf(routes);
        clusters = Map.copyOf(clusters);
        plugins = Map.copyOf(plugins);
        certificates = List.copyOf(certificates);
    }
}
