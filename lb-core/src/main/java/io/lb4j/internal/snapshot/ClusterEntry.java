package io.lb4j.internal.snapshot;

/**
 * A cluster as its exchanges see it. Immutable, but for what its parts share across snapshots.
 *
 * @param name as configured
 * @param picker picks the endpoint for a try
 * @param upstream how connections are made and kept
 * @param traffic its books
 */
public record ClusterEntry(String name, EndpointPicker picker, UpstreamCluster upstream, Traffic traffic) {}
