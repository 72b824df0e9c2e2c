package io.lb4j.plugins.wasm;

import io.lb4j.spi.ClusterClient;
import org.slf4j.Logger;

/**
 * What all instances of one plugin have in common. Thread-safe.
 *
 * @param settings what guests are told
 * @param logger takes what guests write
 * @param clusters calls clusters
 * @param metrics the guests' figures
 * @param space shared data and queues
 */
record PluginFacilities(
        GuestSettings settings, Logger logger, ClusterClient clusters, MetricTable metrics, SharedSpace space) {}
