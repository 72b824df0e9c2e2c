@NullMarked
package io.lb4j.testkit.server;

import org.jspecify.annotations.NullMarked;
