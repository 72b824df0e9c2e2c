package io.lb4j.it.proxy;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.RouteBuilder;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Balancers as the tests want them: one plain listener on a free port, one cluster, one route. */
final class Balancers {
    private Balancers() {}

    /** Starts a balancer before some upstreams. */
    static LoadBalancer before(ScriptedUpstream... upstreams) {
        return configured(List.of(upstreams), route -> {}).start();
    }

    /** Says what a balancer before some upstreams does; the route may be told more. */
    static LoadBalancerBuilder configured(List<ScriptedUpstream> upstreams, Consumer<RouteBuilder> more) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster(
                        "api", cluster -> upstreams.forEach(upstream -> cluster.endpoint("127.0.0.1", upstream.port())))
                .route("all", route -> {
                    route.path("/**").to("api");
                    more.accept(route);
                })
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }
}
