/**
 * HTTP/1.1 (RFC 9112), for both legs. Readers judge what comes strictly, and refuse what two parsers might understand differently;
 * writers frame what goes in such a way that a message which was cut short can never be taken for a whole one.
 */
@NullMarked
package io.lb4j.internal.codec.http1;

import org.jspecify.annotations.NullMarked;
