package io.lb4j.testkit.junit;

import io.lb4j.ClusterBuilder;
import java.util.List;
import java.util.function.Consumer;

/**
 * One cluster that an extension runs. Immutable.
 *
 * @param name of the cluster
 * @param upstreams in order
 * @param settings what is said of the cluster beside its endpoints
 */
record ClusterPlan(String name, List<UpstreamPlan> upstreams, List<Consumer<? super ClusterBuilder>> settings) {
    ClusterPlan {
        upstreams = List.copyOf(upstreams);
        settings = List.copyOf(settings);
    }
}
