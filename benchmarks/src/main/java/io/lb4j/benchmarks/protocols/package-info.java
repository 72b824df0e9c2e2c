/** What one balancer costs by HTTP/2 and by HTTP/3, in one run. */
@NullMarked
package io.lb4j.benchmarks.protocols;

import org.jspecify.annotations.NullMarked;
