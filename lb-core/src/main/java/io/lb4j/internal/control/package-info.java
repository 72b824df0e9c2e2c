/** The control plane: merges what sources say, builds the next Snapshot and publishes it. All writes happen on one thread. */
@NullMarked
package io.lb4j.internal.control;

import org.jspecify.annotations.NullMarked;
