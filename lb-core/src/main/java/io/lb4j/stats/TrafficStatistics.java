package io.lb4j.stats;

import java.util.Map;

/**
 * What went through a listener, a route, a cluster or an endpoint since the start. Immutable; each figure is exact, though two of them
 * need not be of the same instant.
 *
 * @param requests exchanges that have begun
 * @param active exchanges under way
 * @param statusClasses exchanges that have ended, by the first digit of their status: from 1 to 9, and 0 for those that got none
 * @param failures exchanges that have failed, by reason
 * @param localReplies exchanges that were answered here rather than by an endpoint
 * @param retries tries beyond the first
 * @param requestBytes octets of requests' bodies
 * @param responseBytes octets of responses' bodies
 * @param latency from the first octet of the request's head to the last of the response
 * @param firstByte from the first octet of the request's head to the head of the response
 */
public record TrafficStatistics(
        long requests,
        long active,
        Map<Integer, Long> statusClasses,
        Map<String, Long> failures,
        long localReplies,
        long retries,
        long requestBytes,
        long responseBytes,
        LatencyStatistics latency,
        LatencyStatistics firstByte) {
    /** Nothing went through. */
    public static final TrafficStatistics NONE =
            new TrafficStatistics(0, 0, Map.of(), Map.of(), 0, 0, 0, 0, LatencyStatistics.NONE, LatencyStatistics.NONE);

    /** Copies what it is given. */
    public TrafficStatistics {
        statusClasses = Map.copyOf(statusClasses);
        failures = Map.copyOf(failures);
    }

    /** Returns the exchanges that have ended. */
    public long completed() {
        return requests - active;
    }
}
