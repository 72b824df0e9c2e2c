package io.lb4j.internal.control;

import io.lb4j.model.Route;
import io.lb4j.model.RouteAction;
import io.lb4j.model.Subset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the subsets of clusters that routes ask for. */
final class Subsets {
    private Subsets() {}

    static Map<String, Set<Subset>> byCluster(List<Route> routes) {
        Map<String, Set<Subset>> byCluster = new HashMap<>();
        for (Route route : routes) {
            if (route.settings().isSet(Route.SUBSET) && route.action() instanceof RouteAction.Forward forward) {
                for (String cluster : forward.weights().keySet()) {
                    Set<Subset> subsets = byCluster.computeIfAbsent(cluster, first -> new HashSet<>());
                    forward.subset().ifPresent(subsets::add);
                }
            }
        }
        return byCluster;
    }
}
