/** The rules that keep the house in its shape. */
@NullMarked
package io.lb4j.it.architecture;

import org.jspecify.annotations.NullMarked;
