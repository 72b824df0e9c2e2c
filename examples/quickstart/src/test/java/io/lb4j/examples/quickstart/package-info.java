@NullMarked
package io.lb4j.examples.quickstart;

import org.jspecify.annotations.NullMarked;
