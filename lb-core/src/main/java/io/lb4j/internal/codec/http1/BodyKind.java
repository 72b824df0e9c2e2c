package io.lb4j.internal.codec.http1;

/** How the end of a body is known (RFC 9112 §6.3). */
enum BodyKind {
    /** There is no body. */
    NONE,
    /** By its length. */
    LENGTH,
    /** By the last chunk. */
    CHUNKED,
    /** By the end of the connection. */
    UNTIL_CLOSE
}
