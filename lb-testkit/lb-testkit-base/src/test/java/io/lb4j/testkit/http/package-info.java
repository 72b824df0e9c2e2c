@NullMarked
package io.lb4j.testkit.http;

import org.jspecify.annotations.NullMarked;
