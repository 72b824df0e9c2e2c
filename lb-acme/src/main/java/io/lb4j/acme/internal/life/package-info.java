/** When what is done: ordering, renewal, waiting after failures. */
@NullMarked
package io.lb4j.acme.internal.life;

import org.jspecify.annotations.NullMarked;
