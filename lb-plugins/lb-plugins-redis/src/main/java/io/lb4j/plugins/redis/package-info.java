/** Limits of rate that a fleet has in common, on Redis. */
@NullMarked
package io.lb4j.plugins.redis;

import org.jspecify.annotations.NullMarked;
