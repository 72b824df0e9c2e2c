/** What changes of the control plane cost the data plane. */
@NullMarked
package io.lb4j.benchmarks.control;

import org.jspecify.annotations.NullMarked;
