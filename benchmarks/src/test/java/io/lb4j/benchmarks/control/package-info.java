@NullMarked
package io.lb4j.benchmarks.control;

import org.jspecify.annotations.NullMarked;
