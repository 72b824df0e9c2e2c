@NullMarked
package io.lb4j.plugins.cache;

import org.jspecify.annotations.NullMarked;
