package io.lb4j.plugins.metrics;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.time.Duration;

/** Describes where figures are sent. */
public final class MetricsPushBuilder extends PartBuilder<MetricsPushBuilder> {
    MetricsPushBuilder() {
        super(new Draft(MetricsOptions.PUSH));
    }

    @Override
    protected MetricsPushBuilder self() {
        return this;
    }

    /** Sets the name of the registry whose figures are sent. Default: {@code default}. */
    public MetricsPushBuilder registry(String name) {
        return set(MetricsOptions.REGISTRY, name, "registry");
    }

    /** Sets where a receiver of OTLP takes figures over HTTP: {@code http://collector:4318/v1/metrics}. Required. */
    public MetricsPushBuilder url(String address) {
        return setText(MetricsOptions.RECEIVER, address, "url");
    }

    /** Adds a field that requests have. Default: none. */
    public MetricsPushBuilder header(String name, String value) {
        return put(MetricsOptions.HEADERS, name, value, "header");
    }

    /** Adds an attribute of the resource. Default: {@code service.name}, which is lb4j. */
    public MetricsPushBuilder attribute(String name, String value) {
        return put(MetricsOptions.ATTRIBUTES, name, value, "attribute");
    }

    /** Sets how often figures are sent. Default: every minute. */
    public MetricsPushBuilder interval(Duration time) {
        return set(MetricsOptions.INTERVAL, time, "interval");
    }

    /** Sets whether what the balancer counts itself is sent beside figures of exchanges. Default: it is. */
    public MetricsPushBuilder balancer(boolean isSent) {
        return set(MetricsOptions.BALANCER, isSent, "balancer");
    }

    /** Sets how long connecting may take, and waiting for the answer. Default: 10 s. */
    public MetricsPushBuilder timeout(Duration time) {
        return set(MetricsOptions.PUSH_TIMEOUT, time, "timeout");
    }
}
