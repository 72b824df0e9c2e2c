package io.lb4j.plugins.metrics;

import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.PartBuilder;
import io.lb4j.spi.Plugin;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;

/**
 * Figures of exchanges, for Micrometer.
 *
 * <pre>{@code
 * LoadBalancer.builder()
 *         .plugin(Metrics.prometheus(m -> {}))
 *         .route("metrics", r -> r.path("/metrics").respond(404).plugin(Metrics.page(p -> {})))
 * }</pre>
 */
public final class Metrics {
    private Metrics() {}

    /**
     * Returns a plugin that keeps figures in a registry of the application's.
     *
     * @param registry stays the caller's to close
     */
    public static Plugin into(MeterRegistry registry) {
        return new MetricsPlugin(Settings.defaults(MetricsOptions.SECTION), registry);
    }

    /** Returns a plugin that keeps figures in a Prometheus registry of this process, for a {@link #page} to show. */
    public static Part prometheus(Consumer<? super MetricsBuilder> description) {
        return PartBuilder.part(new MetricsFactory(), new MetricsBuilder(), description);
    }

    /** Returns a plugin that answers every request that comes to it with the figures of a Prometheus registry of this process. */
    public static Part page(Consumer<? super MetricsPageBuilder> description) {
        return PartBuilder.part(new MetricsPageFactory(), new MetricsPageBuilder(), description);
    }

    /** Returns a plugin that sends the figures of a Prometheus registry of this process to a receiver of OTLP, from time to time. */
    public static Part push(Consumer<? super MetricsPushBuilder> description) {
        return PartBuilder.part(new MetricsPushFactory(), new MetricsPushBuilder(), description);
    }
}
