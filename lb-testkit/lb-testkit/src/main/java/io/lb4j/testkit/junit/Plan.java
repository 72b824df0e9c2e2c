package io.lb4j.testkit.junit;

import io.lb4j.LoadBalancerBuilder;
import java.util.List;
import java.util.function.Consumer;

/**
 * What an extension runs. Immutable.
 *
 * @param clusters in order
 * @param steps what is said of the balancer beside its clusters
 * @param allowsViolations whether upstreams may see what is malformed
 */
record Plan(List<ClusterPlan> clusters, List<Consumer<LoadBalancerBuilder>> steps, boolean allowsViolations) {
    Plan {
        clusters = List.copyOf(clusters);
        steps = List.copyOf(steps);
    }
}
