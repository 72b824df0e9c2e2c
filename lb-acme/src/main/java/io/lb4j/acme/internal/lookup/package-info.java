/** What DNS servers say: aliases, the authorities of a zone, TXT records. */
@NullMarked
package io.lb4j.acme.internal.lookup;

import org.jspecify.annotations.NullMarked;
