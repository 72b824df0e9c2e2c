package io.lb4j.internal.snapshot;

/**
 * What the pools need to know of a cluster. Immutable, but for the share. As long as a cluster's connections are made and kept the same
 * way, it is the same object in every snapshot, so that the connections are kept too.
 *
 * @param connector makes the connections
 * @param settings how they are kept
 * @param share the counts that all event loops have in common
 */
public record UpstreamCluster(Connector connector, PoolSettings settings, ClusterShare share) {}
