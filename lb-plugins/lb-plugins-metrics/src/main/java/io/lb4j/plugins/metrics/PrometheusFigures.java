package io.lb4j.plugins.metrics;

import io.lb4j.stats.Statistics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * The figures of a Prometheus registry of this process, which the plugin {@code metrics} of the same registry counts exchanges in, together with what a balancer
 * counts itself: for whoever has a page of its own to show them on. Thread-safe.
 */
public final class PrometheusFigures implements AutoCloseable {
    private final String name;
    private final PrometheusMeterRegistry registry;
    private final BalancerMeters balancer;

    private PrometheusFigures(String name, Supplier<Statistics> statistics) {
        this.name = name;
        registry = SharedRegistries.acquire(name);
        balancer = BalancerMeters.of(statistics);
        balancer.bindTo(registry);
    }

    /**
     * Begins to keep the balancer's own figures in the registry.
     *
     * @param registry its name; {@code default} is the plugins' own default
     * @param statistics {@code balancer::stats}
     */
    public static PrometheusFigures of(String registry, Supplier<Statistics> statistics) {
        return new PrometheusFigures(registry, statistics);
    }

    /**
     * Returns the form that a client gets.
     *
     * @param accepted its Accept field; empty if there is none
     */
    public static String contentType(String accepted) {
        return FigureFormat.of(List.of(accepted));
    }

    /** Returns the figures as they are, in the form that {@link #contentType} names. */
    public String text(String accepted) {
        balancer.refresh();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            registry.scrape(text, contentType(accepted));
        } catch (IOException e) {
            throw new UncheckedIOException("octets in memory cannot fail to be written", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Takes the balancer's own figures out of the registry. */
    @Override
    public void close() {
        balancer.close();
        SharedRegistries.release(name);
    }
}
