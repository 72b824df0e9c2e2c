/** A balancer with scripted upstreams around a JUnit test: {@link io.lb4j.testkit.junit.LoadBalancerExtension}. */
@NullMarked
package io.lb4j.testkit.junit;

import org.jspecify.annotations.NullMarked;
