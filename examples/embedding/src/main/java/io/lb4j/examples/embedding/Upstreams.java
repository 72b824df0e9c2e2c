package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;

/** Small servers for the examples to forward to. */
final class Upstreams {
    private Upstreams() {}

    /**
     * Starts a server on a free port of the loopback interface that answers everything with its name. It is a balancer without a cluster: no server
     * is shorter.
     */
    static LoadBalancer answering(String name) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route(route -> route.path("/**")
                        .respond(
                                200,
                                response -> response.body("answered by " + name + "\n")
                                        .field("x-upstream", name)))
                .process(process -> process.eventLoops(1))
                .start();
    }
}
