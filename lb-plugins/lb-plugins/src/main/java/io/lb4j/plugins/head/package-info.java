/** Plugins that look at heads, and answer: headers, request ids, sizes, static responses. */
@NullMarked
package io.lb4j.plugins.head;

import org.jspecify.annotations.NullMarked;
