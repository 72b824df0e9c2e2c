@NullMarked
package io.lb4j.plugins;

import org.jspecify.annotations.NullMarked;
