package io.lb4j.http3;

import io.lb4j.config.Settings;

/**
 * What all connections to a cluster's endpoints share. Thread-safe.
 *
 * @param settings the options
 * @param figures the counts
 * @param meters of the connections that are open
 * @param early which requests may go before the handshake is over
 */
record UpstreamPlan(Settings settings, Figures figures, OpenMeters meters, EarlyRequests early) {}
