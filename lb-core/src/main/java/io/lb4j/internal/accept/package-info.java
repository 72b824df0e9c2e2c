/**
 * Where connections come in: the choice of the transport, its event loops, listening sockets, limits on connections, the detection of
 * the protocol, and the book of the connections that are open.
 */
@NullMarked
package io.lb4j.internal.accept;

import org.jspecify.annotations.NullMarked;
