/** Both ends of the balancer over sockets: TLS, certificates, the PROXY protocol, and transports that extensions bring. */
@NullMarked
package io.lb4j.it.edge;

import org.jspecify.annotations.NullMarked;
