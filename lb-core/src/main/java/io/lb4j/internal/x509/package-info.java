/** Certificates and keys as octets: PEM and DER, and the making of self-signed certificates. Knows nothing of the rest. */
@NullMarked
package io.lb4j.internal.x509;

import org.jspecify.annotations.NullMarked;
