/** What stands in the server's archive beside its jars. */
@NullMarked
package io.lb4j.it.dist;

import org.jspecify.annotations.NullMarked;
