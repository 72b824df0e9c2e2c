/** Programs that have a balancer in their own process, one for each thing to show. */
@NullMarked
package io.lb4j.examples.embedding;

import org.jspecify.annotations.NullMarked;
