@NullMarked
package io.lb4j.testkit.http2;

import org.jspecify.annotations.NullMarked;
