package io.lb4j.internal.snapshot;

import java.util.Optional;

/**
 * What the pools need to know of a cluster. Immutable, but for the share. As long as a cluster's connections are made and kept the same
 * way, it is the same object in every snapshot, so that the connections are kept too.
 *
 * @param connector makes the connections
 * @param settings how they are kept
 * @param share the counts that all event loops have in common
 * @param http1 the same cluster over HTTP/1.1 alone, for what an endpoint does not do over HTTP/2; empty where the protocol is fixed
 */
public record UpstreamCluster(
        Connector connector, PoolSettings settings, ClusterShare share, Optional<UpstreamCluster> http1) {
    /** Takes from the connector what it says of HTTP/1.1. */
    public UpstreamCluster(Connector connector, PoolSettings settings, ClusterShare share) {
        this(
                connector,
                settings,
                share,
                connector.forHttp1().map(alone -> new UpstreamCluster(alone, settings, share, Optional.empty())));
    }
}
