package io.lb4j.server.life;

import io.lb4j.server.config.ServerConfiguration;
import java.time.Instant;

/**
 * A configuration that was put in force. Immutable.
 *
 * @param number from 1, one more each time
 * @param at when
 * @param cause what brought it: {@code start}, {@code file}, {@code signal}, {@code request}, {@code rollback to 3}
 * @param configuration what it says
 */
public record AppliedVersion(long number, Instant at, String cause, ServerConfiguration configuration) {}
