/** The wire formats of HTTP/1.1 and HTTP/2, for both legs: octets in, the neutral message model out, and back. */
@NullMarked
package io.lb4j.internal.codec;

import org.jspecify.annotations.NullMarked;
