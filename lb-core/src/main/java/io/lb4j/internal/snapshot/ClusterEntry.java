package io.lb4j.internal.snapshot;

import io.lb4j.model.Subset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as its exchanges see it. Immutable, but for what its parts share across snapshots.
 *
 * @param name as configured
 * @param all picks the endpoint for a try among all
 * @param subsets picks it among those that some routes ask for
 * @param upstream how connections are made and kept
 * @param traffic its books
 */
public record ClusterEntry(
        String name,
        EndpointPicker all,
        Map<Subset, EndpointPicker> subsets,
        UpstreamCluster upstream,
        Traffic traffic) {
    /** Returns who picks the endpoint for a try of a route that asks for a subset, or for none: null. */
    public EndpointPicker picker(@Nullable Subset subset) {
        if (subset == null) {
            return all;
        }
        EndpointPicker known = subsets.get(subset);
        return known == null ? all : known;
    }
}
