/**
 * The neutral message model: heads, fields, chunks, trailers and resets as every protocol's codec, every stage and every
 * filter sees them. Nothing here knows of a socket or of a protocol's wire format.
 */
@NullMarked
package io.lb4j.http;

import org.jspecify.annotations.NullMarked;
