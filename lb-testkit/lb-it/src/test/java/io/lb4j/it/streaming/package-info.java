/** Bodies on their way: bounded memory, whoever is slow. */
@NullMarked
package io.lb4j.it.streaming;

import org.jspecify.annotations.NullMarked;
