/** What the process logs, and how: with Logback, which the program brings and whoever embeds the server need not have. */
@NullMarked
package io.lb4j.server.log;

import org.jspecify.annotations.NullMarked;
