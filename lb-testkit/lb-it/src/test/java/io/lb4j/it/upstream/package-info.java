/** Connections to endpoints: how they are made, shared, kept, and lost. */
@NullMarked
package io.lb4j.it.upstream;

import org.jspecify.annotations.NullMarked;
