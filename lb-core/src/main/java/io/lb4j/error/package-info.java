/**
 * Failures as values: where each arose, what kind it is, and whether the request may be sent again.
 */
@NullMarked
package io.lb4j.error;

import org.jspecify.annotations.NullMarked;
