/** Plugins in a balancer, over sockets: chains, life cycle, failures, calls to clusters, taps. */
@NullMarked
package io.lb4j.it.plugins;

import org.jspecify.annotations.NullMarked;
