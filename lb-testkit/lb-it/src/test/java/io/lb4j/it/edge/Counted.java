package io.lb4j.it.edge;

import io.lb4j.LoadBalancer;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.ListenerStatistics;
import java.util.Objects;

/** What a balancer has counted, of a listener or a cluster that is there for certain. */
final class Counted {
    private Counted() {}

    static ListenerStatistics listener(LoadBalancer lb, String name) {
        return Objects.requireNonNull(lb.stats().listeners().get(name), name);
    }

    static ClusterStatistics cluster(LoadBalancer lb, String name) {
        return Objects.requireNonNull(lb.stats().clusters().get(name), name);
    }
}
