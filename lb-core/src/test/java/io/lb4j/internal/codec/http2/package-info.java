/** Tests of the HTTP/2 codec: frames on embedded channels, and connections over sockets. */
@NullMarked
package io.lb4j.internal.codec.http2;

import org.jspecify.annotations.NullMarked;
