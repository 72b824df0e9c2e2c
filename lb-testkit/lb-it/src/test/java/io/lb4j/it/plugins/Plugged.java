package io.lb4j.it.plugins;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.Objects;

/** Balancers with plugins: one plain listener on a free port, one cluster, one route named {@code all}. */
final class Plugged {
    static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private Plugged() {}

    static LoadBalancerBuilder before(ScriptedUpstream upstream) {
        return before(upstream.port());
    }

    static LoadBalancerBuilder before(int port) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", port))
                .route("all", route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    static String post(String body) {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Asks over a connection of its own. */
    static RawResponse ask(LoadBalancer lb, String request) {
        try (RawClient client = RawClient.connect(lb.port())) {
            return client.send(request).readResponse(request.startsWith("HEAD") ? "HEAD" : "GET");
        }
    }

    /** Returns the figures of a plugin, by its place. */
    static PluginStatistics plugin(LoadBalancer lb, String place) {
        return Objects.requireNonNull(lb.stats().plugins().get(place));
    }

    /** Returns the figures of a cluster. */
    static ClusterStatistics cluster(LoadBalancer lb, String name) {
        return Objects.requireNonNull(lb.stats().clusters().get(name));
    }

    static String reason(RawResponse response) {
        return response.headers().first("x-lb4j-reason").orElse("");
    }
}
