package io.lb4j.internal.control;

import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.SharedStore;
import io.lb4j.stats.Statistics;
import java.util.function.Supplier;

/**
 * What plugins are given besides what they are told. Immutable.
 *
 * @param clusters calls clusters of this balancer
 * @param store what the instances of a fleet have in common
 * @param statistics what the balancer has done so far
 */
public record PluginServices(ClusterClient clusters, SharedStore store, Supplier<Statistics> statistics) {}
