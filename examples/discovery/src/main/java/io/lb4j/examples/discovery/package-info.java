/** A small program for each place that endpoints can come from. */
@NullMarked
package io.lb4j.examples.discovery;

import org.jspecify.annotations.NullMarked;
