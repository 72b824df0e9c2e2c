/** Certificates and TLS settings made for one test: authorities, leaves, and both ends of a handshake. */
@NullMarked
package io.lb4j.testkit.tls;

import org.jspecify.annotations.NullMarked;
