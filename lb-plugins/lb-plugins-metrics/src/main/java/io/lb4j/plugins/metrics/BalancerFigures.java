package io.lb4j.plugins.metrics;

import io.lb4j.stats.CertificateStatistics;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.DiscoveryStatistics;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.stats.Statistics;
import io.lb4j.stats.TransportStatistics;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Turns a balancer's statistics into figures. Confined to one thread. */
final class BalancerFigures {
    private final Map<FigureName, Double> figures = new HashMap<>();

    private BalancerFigures() {}

    /** Returns the figures of these statistics. */
    static Map<FigureName, Double> of(Statistics statistics) {
        BalancerFigures reading = new BalancerFigures();
        reading.all(statistics);
        return reading.figures;
    }

    private void all(Statistics statistics) {
        statistics.listeners().forEach(this::listener);
        statistics.clusters().forEach(this::cluster);
        statistics.plugins().forEach(this::plugin);
        statistics.certificates().forEach(each -> certificate(each, statistics.at()));
        count(
                "lb4j.configurations.applied",
                Tags.empty(),
                statistics.configuration().applied());
        count(
                "lb4j.configurations.refused",
                Tags.empty(),
                statistics.configuration().refused());
        gauge("lb4j.uptime.seconds", Tags.empty(), seconds(Duration.between(statistics.since(), statistics.at())));
    }

    private void listener(String name, ListenerStatistics listener) {
        Tags tags = Tags.of("listener", name);
        gauge("lb4j.connections", tags, listener.connectionsOpen());
        gauge("lb4j.requests.active", tags, listener.traffic().active());
        count("lb4j.connections.accepted", tags, listener.connectionsAccepted());
        count("lb4j.connections.refused", tags, listener.connectionsRefused() + listener.clientConnectionsRefused());
        count("lb4j.handshakes.failed", tags, listener.handshakesFailed());
        listener.transports().forEach((transport, each) -> transport(tags.and("transport", transport), each));
    }

    private void transport(Tags tags, TransportStatistics transport) {
        gauge("lb4j.transport.healthy", tags, transport.isHealthy());
        transport
                .figures()
                .forEach((figure, value) -> gauge("lb4j.transport.figure", tags.and("figure", figure), value));
    }

    private void cluster(String name, ClusterStatistics cluster) {
        Tags tags = Tags.of("cluster", name);
        gauge("lb4j.upstream.connections", tags, cluster.connections());
        gauge("lb4j.upstream.connections.idle", tags, cluster.idleConnections());
        count("lb4j.upstream.connections.handed.over", tags, cluster.connectionHandOvers());
        gauge("lb4j.upstream.pending", tags, cluster.pending());
        gauge("lb4j.cluster.stale", tags, cluster.isStale());
        gauge("lb4j.cluster.held", tags, cluster.isHeld());
        gauge("lb4j.cluster.panicking", tags, cluster.isPanicking());
        gauge("lb4j.endpoints", tags, cluster.endpoints().size());
        endpoints(
                "lb4j.endpoints.unhealthy", tags, cluster, each -> each.health().equals("unhealthy"));
        endpoints("lb4j.endpoints.ejected", tags, cluster, EndpointStatistics::isEjected);
        endpoints("lb4j.endpoints.draining", tags, cluster, EndpointStatistics::isDraining);
        cluster.transports()
                .forEach((transport, figures) -> figures.forEach((figure, value) -> gauge(
                        "lb4j.upstream.transport.figure", tags.and("transport", transport, "figure", figure), value)));
        cluster.sources().forEach(source -> source(tags.and("source", source.source()), source));
    }

    private void endpoints(String name, Tags tags, ClusterStatistics cluster, Predicate<EndpointStatistics> counted) {
        gauge(name, tags, cluster.endpoints().values().stream().filter(counted).count());
    }

    private void source(Tags tags, DiscoveryStatistics source) {
        gauge("lb4j.discovery.endpoints", tags, source.endpoints());
        gauge("lb4j.discovery.skipped", tags, source.skipped());
        gauge("lb4j.discovery.age.seconds", tags, seconds(source.age()));
        gauge("lb4j.discovery.stale", tags, source.state() == DiscoveryStatistics.State.STALE);
        gauge("lb4j.discovery.held", tags, source.state() == DiscoveryStatistics.State.HELD);
        count("lb4j.discovery.errors", tags, source.errors());
        count("lb4j.discovery.changes", tags, source.version());
    }

    private void plugin(String name, PluginStatistics plugin) {
        Tags tags = Tags.of("plugin", name);
        count("lb4j.plugin.calls", tags, plugin.calls());
        count("lb4j.plugin.answers", tags, plugin.shortCircuits());
        count("lb4j.plugin.errors", tags, plugin.errors());
        count("lb4j.plugin.timeouts", tags, plugin.timeouts());
        count("lb4j.plugin.blocks", tags, plugin.blocks());
        count("lb4j.plugin.outages", tags, plugin.outages());
        gauge("lb4j.plugin.out", tags, plugin.isOut());
        gauge("lb4j.plugin.degraded", tags, plugin.isDegraded());
        plugin.metrics().forEach((figure, value) -> gauge("lb4j.plugin.figure", tags.and("figure", figure), value));
    }

    private void certificate(CertificateStatistics certificate, Instant now) {
        Tags tags = Tags.of("certificate", String.join(",", certificate.names()));
        gauge("lb4j.certificate.self.signed", tags, certificate.isSelfSigned());
        gauge("lb4j.certificate.failures", tags, certificate.failures());
        gauge("lb4j.certificate.hurried", tags, certificate.hurried());
        gauge("lb4j.certificate.next.attempt.seconds", tags, seconds(Duration.between(now, certificate.nextAttempt())));
        certificate.held().ifPresent(held -> {
            gauge("lb4j.certificate.left.seconds", tags, seconds(held.left(now)));
            gauge("lb4j.certificate.left.ratio", tags, held.shareLeft(now));
            gauge("lb4j.certificate.revoked", tags, held.isRevoked());
        });
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }

    private void gauge(String name, Tags tags, boolean holds) {
        gauge(name, tags, holds ? 1 : 0);
    }

    private void gauge(String name, Tags tags, long value) {
        gauge(name, tags, (double) value);
    }

    private void gauge(String name, Tags tags, double value) {
        figures.put(new FigureName(name, false, tags), value);
    }

    private void count(String name, Tags tags, long value) {
        figures.put(new FigureName(name, true, tags), (double) value);
    }
}
