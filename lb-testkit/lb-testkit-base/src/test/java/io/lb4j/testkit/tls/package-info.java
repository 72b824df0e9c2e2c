@NullMarked
package io.lb4j.testkit.tls;

import org.jspecify.annotations.NullMarked;
