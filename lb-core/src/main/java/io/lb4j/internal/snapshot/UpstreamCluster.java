package io.lb4j.internal.snapshot;

import java.util.Optional;

/**
 * What the pools need to know of a cluster. Immutable, but for the share. As long as it is configured the same, it is the same object in
 * every snapshot.
 *
 * @param connector makes the connections
 * @param settings how they are kept
 * @param share the counts that all event loops have in common
 * @param http1 the same cluster over HTTP/1.1 alone, for what an endpoint does not do over HTTP/2; empty where the protocol is fixed
 * @param generation grows with each configuration of the cluster: an exchange that began before the last may bring an older one
 */
public record UpstreamCluster(
        Connector connector,
        PoolSettings settings,
        ClusterShare share,
        Optional<UpstreamCluster> http1,
        long generation) {
    /** Takes from the connector what it says of HTTP/1.1. */
    public UpstreamCluster(Connector connector, PoolSettings settings, ClusterShare share, long generation) {
        this(
                connector,
                settings,
                share,
                connector
                        .forHttp1()
                        .map(alone -> new UpstreamCluster(alone, settings, share, Optional.empty(), generation)),
                generation);
    }

    /** Returns the same cluster, whose connections are made by another connector. */
    public UpstreamCluster with(Connector other) {
        return new UpstreamCluster(other, settings, share, generation);
    }
}
