/** What parts of the data path cost: benchmarks by JMH, which look into lb-core's internal packages. */
@NullMarked
package io.lb4j.benchmarks;

import org.jspecify.annotations.NullMarked;
