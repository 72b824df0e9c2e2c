/**
 * The balancer and its builder. Begin at {@link io.lb4j.LoadBalancerBuilder}; nothing else in the library imports this package.
 */
@NullMarked
package io.lb4j;

import org.jspecify.annotations.NullMarked;
