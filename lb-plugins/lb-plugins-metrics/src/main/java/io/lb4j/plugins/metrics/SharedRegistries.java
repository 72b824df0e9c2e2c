package io.lb4j.plugins.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.HashMap;
import java.util.Map;

/**
 * The Prometheus registries of this process, by name: plugins that are declared apart, one to count and one to show, have to meet somewhere. One is
 * there as long as somebody uses it. Thread-safe.
 */
final class SharedRegistries {
    private static final Map<String, Use> USES = new HashMap<>(); // guarded by itself

    private SharedRegistries() {}

    /** A registry and those who use it. */
    private static final class Use {
        private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private int users;
    }

    /** Returns the registry of a name; {@link #release} follows. */
    static PrometheusMeterRegistry acquire(String name) {
        synchronized (USES) {
            Use use = USES.computeIfAbsent(name, any -> new Use());
            use.users++;
            return use.registry;
        }
    }

    static void release(String name) {
        synchronized (USES) {
            Use use = USES.get(name);
            if (use != null && --use.users == 0) {
                USES.remove(name);
                use.registry.close();
            }
        }
    }
}
