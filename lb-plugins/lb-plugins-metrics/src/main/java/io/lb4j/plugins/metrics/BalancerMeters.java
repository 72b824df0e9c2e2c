package io.lb4j.plugins.metrics;

import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.stats.Statistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a balancer counts itself: connections, pools, endpoints, plugins. {@link #refresh()} reads the statistics; whoever publishes figures calls it
 * before, or every few seconds. Series of what is gone go with it. Thread-safe.
 */
public final class BalancerMeters implements MeterBinder, AutoCloseable {
    /** A figure's name and labels, in the order of the labels' names. */
    private record Name(String name, boolean counts, Tags tags) {}

    private final Supplier<Statistics> statistics;
    private final ConcurrentHashMap<Name, Long> values = new ConcurrentHashMap<>();
    private final Map<MeterRegistry, Map<Name, Meter>> registries = new HashMap<>(); // guarded by this

    private BalancerMeters(Supplier<Statistics> statistics) {
        this.statistics = statistics;
    }

    /**
     * Creates the meters of a balancer.
     *
     * @param statistics {@code balancer::stats}
     */
    public static BalancerMeters of(Supplier<Statistics> statistics) {
        return new BalancerMeters(statistics);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        registries.putIfAbsent(registry, new HashMap<>());
        refresh();
    }

    /** Reads the statistics. */
    public synchronized void refresh() {
        Map<Name, Long> read = new HashMap<>();
        new Reading(read).all(statistics.get());
        values.putAll(read);
        registries.forEach((registry, meters) -> {
            Set<Name> gone = new HashSet<>(meters.keySet());
            gone.removeAll(read.keySet());
            for (Name name : gone) {
                Meter meter = meters.remove(name);
                if (meter != null) {
                    registry.remove(meter);
                }
            }
            read.keySet().forEach(name -> meters.computeIfAbsent(name, each -> register(registry, each)));
        });
        values.keySet().retainAll(read.keySet());
    }

    private Meter register(MeterRegistry registry, Name name) {
        if (name.counts) {
            return FunctionCounter.builder(name.name, values, all -> (double) all.getOrDefault(name, 0L))
                    .tags(name.tags)
                    .register(registry);
        }
        return Gauge.builder(name.name, values, all -> (double) all.getOrDefault(name, 0L))
                .tags(name.tags)
                .register(registry);
    }

    /** Takes the meters out of the registries. */
    @Override
    public synchronized void close() {
        registries.forEach((registry, meters) -> meters.values().forEach(registry::remove));
        registries.clear();
    }

    /** Turns statistics into figures. */
    private record Reading(Map<Name, Long> into) {
        void all(Statistics statistics) {
            statistics.listeners().forEach(this::listener);
            statistics.clusters().forEach(this::cluster);
            statistics.plugins().forEach(this::plugin);
            count(
                    "lb4j.configurations.applied",
                    Tags.empty(),
                    statistics.configuration().applied());
            count(
                    "lb4j.configurations.refused",
                    Tags.empty(),
                    statistics.configuration().refused());
            gauge(
                    "lb4j.uptime.seconds",
                    Tags.empty(),
                    Duration.between(statistics.since(), statistics.at()).toSeconds());
        }

        private void listener(String name, ListenerStatistics listener) {
            Tags tags = Tags.of("listener", name);
            gauge("lb4j.connections", tags, listener.connectionsOpen());
            gauge("lb4j.requests.active", tags, listener.traffic().active());
            count("lb4j.connections.accepted", tags, listener.connectionsAccepted());
            count(
                    "lb4j.connections.refused",
                    tags,
                    listener.connectionsRefused() + listener.clientConnectionsRefused());
            count("lb4j.handshakes.failed", tags, listener.handshakesFailed());
        }

        private void cluster(String name, ClusterStatistics cluster) {
            Tags tags = Tags.of("cluster", name);
            gauge("lb4j.upstream.connections", tags, cluster.connections());
            gauge("lb4j.upstream.connections.idle", tags, cluster.idleConnections());
            gauge("lb4j.upstream.pending", tags, cluster.pending());
            gauge("lb4j.cluster.stale", tags, cluster.isStale() ? 1 : 0);
            gauge("lb4j.cluster.panicking", tags, cluster.isPanicking() ? 1 : 0);
            gauge("lb4j.endpoints", tags, cluster.endpoints().size());
            endpoints(
                    "lb4j.endpoints.unhealthy",
                    tags,
                    cluster,
                    each -> each.health().equals("unhealthy"));
            endpoints("lb4j.endpoints.ejected", tags, cluster, EndpointStatistics::isEjected);
            endpoints("lb4j.endpoints.draining", tags, cluster, EndpointStatistics::isDraining);
        }

        private void endpoints(
                String name, Tags tags, ClusterStatistics cluster, Predicate<EndpointStatistics> counted) {
            gauge(
                    name,
                    tags,
                    cluster.endpoints().values().stream().filter(counted).count());
        }

        private void plugin(String name, PluginStatistics plugin) {
            Tags tags = Tags.of("plugin", name);
            count("lb4j.plugin.calls", tags, plugin.calls());
            count("lb4j.plugin.answers", tags, plugin.shortCircuits());
            count("lb4j.plugin.errors", tags, plugin.errors());
            count("lb4j.plugin.timeouts", tags, plugin.timeouts());
            count("lb4j.plugin.blocks", tags, plugin.blocks());
            count("lb4j.plugin.outages", tags, plugin.outages());
            gauge("lb4j.plugin.out", tags, plugin.isOut() ? 1 : 0);
            plugin.metrics().forEach((figure, value) -> gauge("lb4j.plugin.figure", tags.and("figure", figure), value));
        }

        private void gauge(String name, Tags tags, long value) {
            into.put(new Name(name, false, tags), value);
        }

        private void count(String name, Tags tags, long value) {
            into.put(new Name(name, true, tags), value);
        }
    }
}
