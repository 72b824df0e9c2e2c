/** The server's archive as somebody unpacks it. */
@NullMarked
package io.lb4j.dist;

import org.jspecify.annotations.NullMarked;
