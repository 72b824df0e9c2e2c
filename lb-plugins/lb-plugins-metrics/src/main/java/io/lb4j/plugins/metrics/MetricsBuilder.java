package io.lb4j.plugins.metrics;

import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.plugins.kit.PartBuilder;
import java.time.Duration;

/** Describes which figures are kept. */
public final class MetricsBuilder extends PartBuilder<MetricsBuilder> {
    MetricsBuilder() {
        super(new Draft(MetricsOptions.SECTION));
    }

    @Override
    protected MetricsBuilder self() {
        return this;
    }

    /** Sets the name of the Prometheus registry. Default: {@code default}. */
    public MetricsBuilder registry(String name) {
        return set(MetricsOptions.REGISTRY, name, "registry");
    }

    /** Sets the bounds of the histogram of durations. Default: 11 of them, from 5 ms to 10 s. */
    public MetricsBuilder buckets(Duration... bounds) {
        Origin origin = Origin.setter("buckets", PartBuilder.class::isAssignableFrom);
        for (Duration bound : bounds) {
            draft().add(MetricsOptions.BUCKETS, bound, origin);
        }
        return this;
    }

    /** Sets whether each endpoint has series of its own. Default: it has not. */
    public MetricsBuilder endpoints(boolean each) {
        return set(MetricsOptions.ENDPOINTS, each, "endpoints");
    }

    /** Sets how many combinations of labels there may be. Default: 2,000. */
    public MetricsBuilder maxSeries(int count) {
        return set(MetricsOptions.MAX_SERIES, count, "maxSeries");
    }
}
