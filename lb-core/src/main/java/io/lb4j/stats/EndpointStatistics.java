package io.lb4j.stats;

/**
 * One endpoint of a cluster. Immutable.
 *
 * @param address {@code host:port}
 * @param weight as configured, or as an operator has ordered
 * @param health what active checks say: "healthy", "unhealthy" or "unknown"
 * @param isEjected whether it is out because it failed, or by order
 * @param isDraining whether it gets no new requests
 * @param inFlight requests that it is serving for this balancer
 * @param traffic what went to it
 */
public record EndpointStatistics(
        String address,
        int weight,
        String health,
        boolean isEjected,
        boolean isDraining,
        int inFlight,
        TrafficStatistics traffic) {}
