package io.lb4j.stats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One cluster. Immutable.
 *
 * @param traffic what went to it
 * @param endpoints by address
 * @param connections open or being opened
 * @param idleConnections open without a request
 * @param pending requests that wait for a connection
 * @param connectionHandOvers connections that were given up so far, because there were as many as may be, and another event loop or another
 *     endpoint had requests and none
 * @param isPanicking whether health is ignored because too few endpoints are healthy
 * @param isStale whether a source of its endpoints could not be asked the last time
 * @param isHeld whether a sudden loss of endpoints is held back
 * @param sources where its endpoints come from, if they are not all known beforehand
 * @param transports what its further transports have counted, HTTP/3 for one: by the name of each, and then by names of its own
 */
public record ClusterStatistics(
        TrafficStatistics traffic,
        Map<String, EndpointStatistics> endpoints,
        int connections,
        int idleConnections,
        int pending,
        long connectionHandOvers,
        boolean isPanicking,
        boolean isStale,
        boolean isHeld,
        List<DiscoveryStatistics> sources,
        Map<String, Map<String, Long>> transports) {
    /** Copies what it is given. */
    public ClusterStatistics {
        endpoints = Map.copyOf(endpoints);
        sources = List.copyOf(sources);
        Map<String, Map<String, Long>> copy = new HashMap<>();
        transports.forEach((name, figures) -> copy.put(name, Map.copyOf(figures)));
        transports = Map.copyOf(copy);
    }
}
