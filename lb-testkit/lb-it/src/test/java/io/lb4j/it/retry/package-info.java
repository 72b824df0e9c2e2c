/** When a request is sent again, and when it must not be. */
@NullMarked
package io.lb4j.it.retry;

import org.jspecify.annotations.NullMarked;
