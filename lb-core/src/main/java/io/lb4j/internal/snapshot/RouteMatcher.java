package io.lb4j.internal.snapshot;

import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;

/** Finds the route of a request. Implemented by the route stage; immutable. */
@FunctionalInterface
public interface RouteMatcher {
    /**
     * Returns the route that takes precedence among those that match. The target becomes its canonical form, the same for routing and
     * forwarding.
     *
     * @throws ProxyException if the target is ambiguous, or no route matches
     */
    RouteEntry match(RequestHead head) throws ProxyException;
}
