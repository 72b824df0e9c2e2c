/** Writes JSON. */
@NullMarked
package io.lb4j.server.json;

import org.jspecify.annotations.NullMarked;
