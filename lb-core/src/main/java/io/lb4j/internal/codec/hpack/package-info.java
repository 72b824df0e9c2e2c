/** HPACK (RFC 7541): header blocks of HTTP/2, straight into and out of the neutral model's fields. */
@NullMarked
package io.lb4j.internal.codec.hpack;

import org.jspecify.annotations.NullMarked;
