package io.lb4j.plugins.metrics;

import io.lb4j.stats.Statistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What a balancer counts itself: connections, pools, endpoints, sources of endpoints, plugins, certificates. {@link #refresh()} reads the statistics; whoever publishes figures calls it
 * before, or every few seconds. Series of what is gone go with it. Thread-safe.
 */
public final class BalancerMeters implements MeterBinder, AutoCloseable {
    private final Supplier<Statistics> statistics;
    private final ConcurrentHashMap<FigureName, Double> values = new ConcurrentHashMap<>();
    private final Map<MeterRegistry, Map<FigureName, Meter>> registries = new HashMap<>(); // guarded by this

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
        Map<FigureName, Double> read = BalancerFigures.of(statistics.get());
        values.putAll(read);
        registries.forEach((registry, meters) -> {
            Set<FigureName> gone = new HashSet<>(meters.keySet());
            gone.removeAll(read.keySet());
            for (FigureName name : gone) {
                Meter meter = meters.remove(name);
                if (meter != null) {
                    registry.remove(meter);
                }
            }
            read.keySet().forEach(name -> meters.computeIfAbsent(name, each -> register(registry, each)));
        });
        values.keySet().retainAll(read.keySet());
    }

    private Meter register(MeterRegistry registry, FigureName name) {
        if (name.isCount()) {
            return FunctionCounter.builder(name.name(), values, all -> all.getOrDefault(name, 0.0))
                    .description(FigureTexts.of(name.name()))
                    .tags(name.tags())
                    .register(registry);
        }
        return Gauge.builder(name.name(), values, all -> all.getOrDefault(name, 0.0))
                .description(FigureTexts.of(name.name()))
                .tags(name.tags())
                .register(registry);
    }

    /** Takes the meters out of the registries. */
    @Override
    public synchronized void close() {
        registries.forEach((registry, meters) -> meters.values().forEach(registry::remove));
        registries.clear();
    }
}
