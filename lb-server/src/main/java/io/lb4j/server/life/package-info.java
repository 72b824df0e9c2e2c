/** The life of a configuration: watched, put in force, kept for a way back. */
@NullMarked
package io.lb4j.server.life;

import org.jspecify.annotations.NullMarked;
