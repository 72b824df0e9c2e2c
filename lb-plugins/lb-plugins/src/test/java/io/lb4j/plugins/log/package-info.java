@NullMarked
package io.lb4j.plugins.log;

import org.jspecify.annotations.NullMarked;
