@NullMarked
package io.lb4j.testkit.leak;

import org.jspecify.annotations.NullMarked;
