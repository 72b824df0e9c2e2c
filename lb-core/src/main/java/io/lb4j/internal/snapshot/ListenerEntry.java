package io.lb4j.internal.snapshot;

/**
 * A listener as its exchanges see it. Immutable.
 *
 * @param name as configured
 * @param routes finds the route of a request
 * @param filters what those exchanges go through for which no route is found
 * @param forwarding what is said of the client to endpoints, and of the balancer to clients
 * @param maxBody octets that a request's body may have; {@link Long#MAX_VALUE} where there is no limit
 * @param traffic its books
 */
public record ListenerEntry(
        String name, RouteMatcher routes, Filters filters, ForwardingRules forwarding, long maxBody, Traffic traffic) {}
