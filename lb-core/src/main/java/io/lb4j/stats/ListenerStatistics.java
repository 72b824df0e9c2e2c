package io.lb4j.stats;

/**
 * One listener. Immutable.
 *
 * @param traffic what came by it
 * @param connectionsAccepted connections since the start
 * @param connectionsOpen connections at present
 * @param connectionsRefused connections that a limit refused
 * @param handshakesFailed TLS handshakes that failed
 */
public record ListenerStatistics(
        TrafficStatistics traffic,
        long connectionsAccepted,
        long connectionsOpen,
        long connectionsRefused,
        long handshakesFailed) {}
