package io.lb4j.plugins.limit;

import java.time.Duration;

/**
 * How many requests there may be. Immutable.
 *
 * @param requests in each window
 * @param window how long that is
 * @param burst how many there may be at once, for a bucket
 */
public record Quota(int requests, Duration window, int burst) {}
