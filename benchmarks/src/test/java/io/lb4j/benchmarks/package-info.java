/** Tests of the benchmarks themselves. */
@NullMarked
package io.lb4j.benchmarks;

import org.jspecify.annotations.NullMarked;
