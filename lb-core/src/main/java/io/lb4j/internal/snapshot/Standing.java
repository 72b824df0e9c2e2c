package io.lb4j.internal.snapshot;

import io.lb4j.model.Endpoint;
import java.util.OptionalLong;

/**
 * All that decides whether an endpoint is used, apart from its load: one immutable value, so that no reader sees half a change.
 *
 * @param endpoint the endpoint as its source last described it
 * @param health what active checks say
 * @param exclusion whether passive ejection has taken it out
 * @param orders what an operator has ordered
 * @param isLeaving whether its source no longer names it: it finishes what it has
 * @param usableSinceNanos when it arrived or recovered, by the clock of its cluster; empty for an endpoint that was there from the start
 */
public record Standing(
        Endpoint endpoint,
        Health health,
        Exclusion exclusion,
        Orders orders,
        boolean isLeaving,
        OptionalLong usableSinceNanos) {

    /** Returns whether it may get requests at all, be it healthy or not: it is not on its way out and has some weight. */
    public boolean isAvailable() {
        return !isLeaving && !orders.isDraining() && !orders.isEjected() && baseWeight() > 0;
    }

    /** Returns whether neither active checks nor passive ejection speak against it. */
    public boolean isHealthy() {
        return health != Health.UNHEALTHY && !exclusion.isActive();
    }

    /** Returns whether it gets requests in the normal course of things. */
    public boolean isUsable() {
        return isAvailable() && isHealthy();
    }

    /** Returns whether it gets no new requests and its connections are let go. */
    public boolean isDraining() {
        return isLeaving || orders.isDraining();
    }

    /** Returns its weight once it is warm: the operator's, or else the configured one. */
    public int baseWeight() {
        return orders.weight().orElse(endpoint.weight());
    }

    Standing with(Endpoint newEndpoint) {
        return new Standing(newEndpoint, health, exclusion, orders, isLeaving, usableSinceNanos);
    }

    Standing with(Health newHealth) {
        return new Standing(endpoint, newHealth, exclusion, orders, isLeaving, usableSinceNanos);
    }

    Standing with(Exclusion newExclusion) {
        return new Standing(endpoint, health, newExclusion, orders, isLeaving, usableSinceNanos);
    }

    Standing with(Orders newOrders) {
        return new Standing(endpoint, health, exclusion, newOrders, isLeaving, usableSinceNanos);
    }

    Standing leaving() {
        return new Standing(endpoint, health, exclusion, orders, true, usableSinceNanos);
    }

    Standing usableSince(long nanos) {
        return new Standing(endpoint, health, exclusion, orders, isLeaving, OptionalLong.of(nanos));
    }
}
