/** Immutable statistics, and the record of an exchange that has ended. */
@NullMarked
package io.lb4j.stats;

import org.jspecify.annotations.NullMarked;
