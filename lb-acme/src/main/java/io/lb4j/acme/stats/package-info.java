/** How certificates that take care of themselves stand. */
@NullMarked
package io.lb4j.acme.stats;

import org.jspecify.annotations.NullMarked;
