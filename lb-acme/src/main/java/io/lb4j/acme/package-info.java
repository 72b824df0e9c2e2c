/** Certificates that take care of themselves: where a balancer's owner begins, with {@link io.lb4j.acme.Acme}. */
@NullMarked
package io.lb4j.acme;

import org.jspecify.annotations.NullMarked;
