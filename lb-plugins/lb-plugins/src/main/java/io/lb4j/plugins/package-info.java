/** The plugins that come with lb4j and need no client of anything. */
@NullMarked
package io.lb4j.plugins;

import org.jspecify.annotations.NullMarked;
