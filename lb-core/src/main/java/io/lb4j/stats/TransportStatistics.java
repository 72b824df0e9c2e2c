package io.lb4j.stats;

import java.util.Map;
import java.util.Optional;

/**
 * A listener's further protocol, HTTP/3 for one. Immutable. What goes through it is in the listener's traffic, and its connections are among
 * the listener's.
 *
 * @param name of the protocol
 * @param altSvc how the listener's other protocols advertise it; empty where they do not
 * @param trouble what keeps it from serving as it should; empty while it is well
 * @param figures what else it counts, by name
 */
public record TransportStatistics(
        String name, Optional<String> altSvc, Optional<String> trouble, Map<String, Long> figures) {
    /** Copies what it is given. */
    public TransportStatistics {
        figures = Map.copyOf(figures);
    }

    /** Returns whether it serves as it should. */
    public boolean isHealthy() {
        return trouble.isEmpty();
    }
}
