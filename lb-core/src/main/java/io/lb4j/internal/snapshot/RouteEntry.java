package io.lb4j.internal.snapshot;

/**
 * A route as its exchanges see it. Immutable.
 *
 * @param name as configured
 * @param action what is done with a request
 * @param times how long it may take
 * @param retries when it is tried again
 * @param filters what its requests and responses go through
 * @param traffic its books
 */
public record RouteEntry(
        String name, RouteAction action, RouteTimes times, RetryRules retries, Filters filters, Traffic traffic) {}
