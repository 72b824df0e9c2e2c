@NullMarked
package io.lb4j.plugins.cors;

import org.jspecify.annotations.NullMarked;
