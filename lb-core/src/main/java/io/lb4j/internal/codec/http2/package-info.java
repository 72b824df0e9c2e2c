/**
 * HTTP/2 (RFC 9113, with RFC 8441), server and client side: frames straight into the neutral message model and back, without a
 * pipeline of frame objects in between.
 */
@NullMarked
package io.lb4j.internal.codec.http2;

import org.jspecify.annotations.NullMarked;
