package io.lb4j;

import io.lb4j.internal.accept.AcceptStatistics;
import io.lb4j.internal.control.ControlStatistics;
import io.lb4j.stats.CertificateStatistics;
import io.lb4j.stats.ConfigurationStatistics;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.stats.Statistics;
import io.lb4j.stats.TrafficStatistics;
import io.lb4j.stats.TransportStatistics;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts together what each stage has counted. */
final class StatisticsView {
    private StatisticsView() {}

    static Map<String, ListenerStatistics> listeners(
            ControlStatistics control,
            Map<String, AcceptStatistics> accepted,
            Map<String, Map<String, TransportStatistics>> transports) {
        Map<String, ListenerStatistics> listeners = new HashMap<>();
        accepted.forEach((name, connections) -> {
            TrafficStatistics traffic = control.listeners().getOrDefault(name, TrafficStatistics.NONE);
            listeners.put(
                    name,
                    new ListenerStatistics(
                            traffic,
                            control.latencies().getOrDefault(name, Map.of()),
                            connections.accepted(),
                            connections.active(),
                            connections.refusedByListener(),
                            connections.refusedByClient(),
                            connections.handshakeFailures().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum(),
                            transports.getOrDefault(name, Map.of())));
        });
        return listeners;
    }

    static Statistics of(
            Instant since,
            ControlStatistics control,
            Map<String, ListenerStatistics> listeners,
            ConfigurationStatistics configurations,
            List<CertificateStatistics> certificates) {
        return new Statistics(
                since,
                Instant.now(),
                control.version(),
                listeners,
                control.routes(),
                control.clusters(),
                control.plugins(),
                configurations,
                certificates);
    }
}
