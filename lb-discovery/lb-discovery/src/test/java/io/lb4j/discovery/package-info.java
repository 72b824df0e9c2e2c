@NullMarked
package io.lb4j.discovery;

import org.jspecify.annotations.NullMarked;
