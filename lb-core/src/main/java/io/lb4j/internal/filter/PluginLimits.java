package io.lb4j.internal.filter;

/**
 * When a plugin is taken out. Immutable.
 *
 * @param maxFailures failures within the window that take it out
 * @param windowNanos the time over which they are counted
 * @param retryNanos how long it stays out
 * @param blockNanos how long one call may hold an event loop
 */
public record PluginLimits(int maxFailures, long windowNanos, long retryNanos, long blockNanos) {}
