@NullMarked
package io.lb4j.testkit.net;

import org.jspecify.annotations.NullMarked;
