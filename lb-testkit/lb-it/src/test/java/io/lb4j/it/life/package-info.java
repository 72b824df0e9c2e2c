/** A balancer from start to close: its updates, its listeners, its end. */
@NullMarked
package io.lb4j.it.life;

import org.jspecify.annotations.NullMarked;
