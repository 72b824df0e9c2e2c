/** What the balancer does not let through, from clients and from endpoints. */
@NullMarked
package io.lb4j.it.refusal;

import org.jspecify.annotations.NullMarked;
