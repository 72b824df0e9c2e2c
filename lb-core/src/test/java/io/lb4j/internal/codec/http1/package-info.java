/** Tests of the HTTP/1.1 codec, from single lines to connections over sockets. */
@NullMarked
package io.lb4j.internal.codec.http1;

import org.jspecify.annotations.NullMarked;
