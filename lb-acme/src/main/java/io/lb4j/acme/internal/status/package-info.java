/** Whether certificates are revoked, as their issuers say: OCSP and revocation lists. */
@NullMarked
package io.lb4j.acme.internal.status;

import org.jspecify.annotations.NullMarked;
