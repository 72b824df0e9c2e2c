/** A shared HTTP cache in memory (RFC 9111). */
@NullMarked
package io.lb4j.plugins.cache;

import org.jspecify.annotations.NullMarked;
