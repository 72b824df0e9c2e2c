package io.lb4j.internal.snapshot;

/**
 * What an exchange keeps of its listener when it has found its route. Immutable; leads to no snapshot, for exchanges may last for days.
 *
 * @param filters what those exchanges go through for which no route is found
 * @param forwarding what is said of the client to endpoints, and of the balancer to clients
 * @param maxBody octets that a request's body may have; {@link Long#MAX_VALUE} where there is no limit
 * @param traffic its books
 */
public record ListenerRules(Filters filters, ForwardingRules forwarding, long maxBody, Traffic traffic) {}
