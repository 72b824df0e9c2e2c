/** Plugins in registries: pulled, verified, kept, published. */
@NullMarked
package io.lb4j.plugins.registry;

import org.jspecify.annotations.NullMarked;
