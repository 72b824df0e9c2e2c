@NullMarked
package io.lb4j.testkit.time;

import org.jspecify.annotations.NullMarked;
