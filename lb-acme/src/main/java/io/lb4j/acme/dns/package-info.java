/** Where TXT records for challenges are put: providers for DNS services, and what code of your own implements. */
@NullMarked
package io.lb4j.acme.dns;

import org.jspecify.annotations.NullMarked;
