@NullMarked
package io.lb4j.plugins.limit;

import org.jspecify.annotations.NullMarked;
