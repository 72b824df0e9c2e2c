package io.lb4j.internal.control;

import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.SharedStore;

/**
 * What plugins are given besides what they are told. Immutable.
 *
 * @param clusters calls clusters of this balancer
 * @param store what the instances of a fleet have in common
 */
public record PluginServices(ClusterClient clusters, SharedStore store) {}
