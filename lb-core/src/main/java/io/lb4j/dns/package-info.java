/**
 * Names and their addresses, without blocking: a client of DNS servers that tells the records' time to live, what is not there from what
 * could not be found out, and which addresses nobody should be sent to.
 */
@NullMarked
package io.lb4j.dns;

import org.jspecify.annotations.NullMarked;
