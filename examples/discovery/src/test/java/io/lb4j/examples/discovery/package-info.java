@NullMarked
package io.lb4j.examples.discovery;

import org.jspecify.annotations.NullMarked;
