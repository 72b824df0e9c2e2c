/**
 * HTTP/3 (RFC 9114) over QUIC (RFC 9000). {@link io.lb4j.http3.Http3} is what a listener is given, and {@link
 * io.lb4j.http3.Http3Upstream} a cluster.
 */
@NullMarked
package io.lb4j.http3;

import org.jspecify.annotations.NullMarked;
