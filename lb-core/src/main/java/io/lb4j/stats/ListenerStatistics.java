package io.lb4j.stats;

import java.util.Map;

/**
 * One listener. Immutable.
 *
 * @param traffic what came by it
 * @param latencies how long exchanges took, by the version that clients spoke, {@code HTTP/3} for example; the traffic has that of all together
 * @param connectionsAccepted connections since the start
 * @param connectionsOpen connections at present
 * @param connectionsRefused connections that the listener's limit refused
 * @param clientConnectionsRefused connections that the limit for one client address refused
 * @param handshakesFailed TLS handshakes that failed
 * @param transports the further protocols, by name
 */
public record ListenerStatistics(
        TrafficStatistics traffic,
        Map<String, LatencyStatistics> latencies,
        long connectionsAccepted,
        long connectionsOpen,
        long connectionsRefused,
        long clientConnectionsRefused,
        long handshakesFailed,
        Map<String, TransportStatistics> transports) {
    /** Copies what it is given. */
    public ListenerStatistics {
        latencies = Map.copyOf(latencies);
        transports = Map.copyOf(transports);
    }
}
