/** A line for each exchange that has ended. */
@NullMarked
package io.lb4j.plugins.log;

import org.jspecify.annotations.NullMarked;
