@NullMarked
package io.lb4j.plugins.registry.index;

import org.jspecify.annotations.NullMarked;
