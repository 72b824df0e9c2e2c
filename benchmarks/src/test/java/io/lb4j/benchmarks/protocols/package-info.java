@NullMarked
package io.lb4j.benchmarks.protocols;

import org.jspecify.annotations.NullMarked;
