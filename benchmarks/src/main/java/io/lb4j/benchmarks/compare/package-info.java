/** lb4j as the comparison with other proxies measures it, on public API only. */
@NullMarked
package io.lb4j.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
