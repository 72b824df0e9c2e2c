/** A balancer that obtains its certificates itself. */
@NullMarked
package io.lb4j.examples.certificates;

import org.jspecify.annotations.NullMarked;
