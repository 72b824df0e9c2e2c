/** The Vert.x http-proxy that the comparison measures lb4j against. */
@NullMarked
package io.lb4j.benchmarks.compare.vertx;

import org.jspecify.annotations.NullMarked;
