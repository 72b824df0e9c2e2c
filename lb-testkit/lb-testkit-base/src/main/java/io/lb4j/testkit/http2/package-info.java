/**
 * HTTP/2 frame by frame (RFC 9113): a client that can send anything, and an upstream that follows a script on each
 * stream. Own framing; only the decoding of HPACK comes from Netty.
 */
@NullMarked
package io.lb4j.testkit.http2;

import org.jspecify.annotations.NullMarked;
