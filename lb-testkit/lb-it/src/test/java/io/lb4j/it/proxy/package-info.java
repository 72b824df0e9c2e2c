/** The whole path on real sockets: raw clients, a balancer, scripted upstreams. */
@NullMarked
package io.lb4j.it.proxy;

import org.jspecify.annotations.NullMarked;
