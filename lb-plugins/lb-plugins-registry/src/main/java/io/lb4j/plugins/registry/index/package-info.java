/** An index of plugins that its publisher has signed, and what was installed from it. */
@NullMarked
package io.lb4j.plugins.registry.index;

import org.jspecify.annotations.NullMarked;
