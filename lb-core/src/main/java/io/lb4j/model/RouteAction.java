package io.lb4j.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What becomes of a route's requests. Immutable. */
public sealed interface RouteAction {
    /**
     * They are forwarded.
     *
     * @param weights the clusters with their weights, in order, at least one above 0
     * @param subset those of each cluster's endpoints that serve; empty for all
     */
    record Forward(Map<String, Integer> weights, Optional<Subset> subset) implements RouteAction {
        /** Copies the map, and keeps its order. */
        public Forward {
            weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        }
    }

    /**
     * The client is sent elsewhere.
     *
     * @param redirect where to
     */
    record RedirectTo(Redirect redirect) implements RouteAction {}

    /**
     * They are answered here.
     *
     * @param response the answer
     */
    record Respond(DirectResponse response) implements RouteAction {}
}
