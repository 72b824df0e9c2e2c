@NullMarked
package io.lb4j.plugins.kit;

import org.jspecify.annotations.NullMarked;
