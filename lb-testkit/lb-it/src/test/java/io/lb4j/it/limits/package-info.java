/** Each limit at its edge, and each timeout. */
@NullMarked
package io.lb4j.it.limits;

import org.jspecify.annotations.NullMarked;
