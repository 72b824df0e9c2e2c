@NullMarked
package io.lb4j.plugins.metrics;

import org.jspecify.annotations.NullMarked;
