@NullMarked
package io.lb4j.plugins.redis;

import org.jspecify.annotations.NullMarked;
