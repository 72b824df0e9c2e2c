package io.lb4j.internal.snapshot;

/**
 * A listener as its exchanges see it. Immutable.
 *
 * @param name as configured
 * @param routes finds the route of a request
 * @param rules what an exchange keeps to its end
 */
public record ListenerEntry(String name, RouteMatcher routes, ListenerRules rules) {}
