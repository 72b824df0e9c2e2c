/** Tests across modules, on real sockets. */
@NullMarked
package io.lb4j.it;

import org.jspecify.annotations.NullMarked;
