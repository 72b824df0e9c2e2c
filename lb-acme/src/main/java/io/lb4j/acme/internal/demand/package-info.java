/** Certificates for names that nobody has configured, when a handshake asks for them. */
@NullMarked
package io.lb4j.acme.internal.demand;

import org.jspecify.annotations.NullMarked;
