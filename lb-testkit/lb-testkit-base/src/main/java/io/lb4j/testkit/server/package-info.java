/** Real servers as child processes, for tests against what runs in production. */
@NullMarked
package io.lb4j.testkit.server;

import org.jspecify.annotations.NullMarked;
