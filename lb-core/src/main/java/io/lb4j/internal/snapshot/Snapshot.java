package io.lb4j.internal.snapshot;

import java.util.Map;

/**
 * All that an exchange reads of the configuration, as of one moment. Immutable; an exchange reads it once, when it begins.
 *
 * @param version counts publications, from 1
 * @param listeners by name
 * @param clusters by name
 */
public record Snapshot(long version, Map<String, ListenerEntry> listeners, Map<String, ClusterEntry> clusters) {
    /** Copies what it is given. */
    public Snapshot {
        listeners = Map.copyOf(listeners);
        clusters = Map.copyOf(clusters);
    }
}
