package io.lb4j.plugins.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often somebody has taken meters out of a registry. A registry has one meter of a name and tags, whoever registers it; so whoever goes takes it from others, who
 * find out here. Thread-safe.
 */
final class Departures {
    private static final Map<MeterRegistry, AtomicInteger> COUNTS = new WeakHashMap<>(); // guarded by itself

    private Departures() {}

    /** Returns the number for a registry, which whoever goes increments. */
    static AtomicInteger from(MeterRegistry registry) {
        synchronized (COUNTS) {
            return COUNTS.computeIfAbsent(registry, any -> new AtomicInteger());
        }
    }
}
