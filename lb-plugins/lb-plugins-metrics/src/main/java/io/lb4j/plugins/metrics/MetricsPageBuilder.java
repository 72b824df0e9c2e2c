package io.lb4j.plugins.metrics;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;

/** Describes a page that Prometheus reads. */
public final class MetricsPageBuilder extends PartBuilder<MetricsPageBuilder> {
    MetricsPageBuilder() {
        super(new Draft(MetricsOptions.PAGE));
    }

    @Override
    protected MetricsPageBuilder self() {
        return this;
    }

    /** Sets the name of the registry that it shows. Default: {@code default}. */
    public MetricsPageBuilder registry(String name) {
        return set(MetricsOptions.REGISTRY, name, "registry");
    }
}
