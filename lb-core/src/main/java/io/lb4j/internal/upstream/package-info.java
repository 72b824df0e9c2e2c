/** Connections to endpoints: how they are made, pooled on each event loop, limited for each cluster, and given back. */
@NullMarked
package io.lb4j.internal.upstream;

import org.jspecify.annotations.NullMarked;
