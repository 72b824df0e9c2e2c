/** The filter chain: leads heads, bodies and trailers through the plugins' filters, holding back what a filter has paused. */
@NullMarked
package io.lb4j.internal.filter;

import org.jspecify.annotations.NullMarked;
