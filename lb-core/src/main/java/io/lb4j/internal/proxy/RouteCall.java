package io.lb4j.internal.proxy;

import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.snapshot.RouteAction;
import io.lb4j.internal.snapshot.RouteEntry;
import io.lb4j.spi.ClusterRequest;
import java.util.Optional;

/** What a plugin asks a cluster in a client's place: the request as the exchange's route would forward it. */
final class RouteCall {
    private RouteCall() {}

    /** Returns a request of its own; empty where the route answers itself, or forwards to a part of a cluster, which calls do not know of. */
    static Optional<ClusterRequest> of(ProxyExchange exchange) {
        RouteEntry route = exchange.route;
        if (route == null || !(route.action() instanceof RouteAction.Forward forward) || forward.subset() != null) {
            return Optional.empty();
        }
        RequestHead head = exchange.request.copy();
        ToldClient.prepare(exchange, head);
        try {
            forward.rewrite().rewrite(head);
        } catch (ProxyException cannotBeForwarded) {
            return Optional.empty(); // the exchange itself will say so
        }
        if (forward.usesEndpointHost()) {
            head.authority("");
        }
        return Optional.of(ClusterRequest.of(forward.clusters().choose(), head));
    }
}
