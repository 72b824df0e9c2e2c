@NullMarked
package io.lb4j.testkit.junit;

import org.jspecify.annotations.NullMarked;
