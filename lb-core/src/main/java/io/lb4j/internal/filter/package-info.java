/** Plugins: chains of filters, what an exchange does in one, and what keeps a plugin that fails from failing others. */
@NullMarked
package io.lb4j.internal.filter;

import org.jspecify.annotations.NullMarked;
