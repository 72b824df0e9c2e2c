package io.lb4j.spi;

import java.time.Instant;

/**
 * Something that a balancer remembers. Immutable.
 *
 * @param at when it happened
 * @param event what happened
 */
public record PastEvent(Instant at, ControlEvent event) {}
