/**
 * An exchange, one request with its response, as filters, policies and observers see it.
 */
@NullMarked
package io.lb4j.exchange;

import org.jspecify.annotations.NullMarked;
