@NullMarked
package io.lb4j.plugins.registry;

import org.jspecify.annotations.NullMarked;
