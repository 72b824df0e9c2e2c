/**
 * HTTP/1.1 byte for byte: a raw client that verifies what it reads, and an upstream that does what a script says and
 * records what it saw. Shares no code with the product.
 */
@NullMarked
package io.lb4j.testkit.http;

import org.jspecify.annotations.NullMarked;
