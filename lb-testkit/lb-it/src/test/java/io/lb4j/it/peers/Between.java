package io.lb4j.it.peers;

import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.RouteBuilder;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.plugins.Plugins;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Balancers between foreign peers: one listener without TLS and one with it, on free ports, before one endpoint of the cluster
 * {@code origin}, to which the route {@code all} sends everything.
 */
final class Between {
    private static final String PLAIN = "plain";
    private static final String SECURED = "secured";

    private Between() {}

    /**
     * An endpoint on 127.0.0.1.
     *
     * @param port where it listens
     * @param protocol what is spoken with it
     * @param secured whether over TLS, with a certificate that nobody checks
     */
    record Origin(int port, UpstreamProtocol protocol, boolean secured) {
        static Origin http1(int port) {
            return new Origin(port, UpstreamProtocol.HTTP1, false);
        }

        static Origin http2(int port) {
            return new Origin(port, UpstreamProtocol.HTTP2, false);
        }

        static Origin secured(int port, UpstreamProtocol protocol) {
            return new Origin(port, protocol, true);
        }
    }

    static LoadBalancer start(Origin origin) {
        return before(origin).start();
    }

    static LoadBalancerBuilder before(Origin origin) {
        return before(origin, cluster -> {}, route -> {});
    }

    /** The same with more to say of the cluster and the route. */
    static LoadBalancerBuilder before(
            Origin origin, Consumer<ClusterBuilder> more, Consumer<RouteBuilder> moreOfRoute) {
        return LoadBalancer.builder()
                .listener(PLAIN, listener -> listener.port(0))
                .listener(SECURED, listener -> listener.port(0).tls(tls -> tls.selfSigned("localhost", "127.0.0.1")))
                .cluster("origin", cluster -> {
                    cluster.endpoint("127.0.0.1", origin.port()).protocol(origin.protocol());
                    if (origin.secured()) {
                        cluster.tls(tls -> tls.insecure());
                    }
                    more.accept(cluster);
                })
                .route("all", route -> {
                    route.path("/**").to("origin");
                    moreOfRoute.accept(route);
                })
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(2)));
    }

    /** Adds the plugins that need nothing beside themselves, all at once: none of them refuses anything here. */
    static LoadBalancerBuilder withPlugins(LoadBalancerBuilder builder) {
        return builder.plugin(Plugins.accessLog(log -> {}))
                .plugin(Plugins.requestId(id -> {}))
                .plugin(Plugins.ipAccess(access -> access.deny("192.0.2.0/24")))
                .plugin(Plugins.requestSize(size -> size.maxBody(1L << 30)))
                .plugin(Plugins.cors(cors -> cors.origins("https://app.example.com")))
                .plugin(Plugins.rateLimit(limit -> limit.requestsPerSecond(1_000_000)))
                .plugin(Plugins.apiKey(
                        key -> key.client("billing", "k-8c1f0c6f2a9d4e07").optional()))
                .plugin(Plugins.basicAuth(
                        basic -> basic.user("ann", "$2y$04$abcdefghijklmnopqrstuuag4znIU3XstJ/kXOzAIJBnYaf0FKTUi")
                                .optional()))
                .plugin(Plugins.compression(
                        compression -> compression.types("*/*").minSize(1)))
                .plugin(Plugins.decompression(decompression -> {}))
                .plugin(Plugins.headers(headers -> headers.response(fields -> fields.set("x-served-by", "edge"))))
                .plugin(Plugins.staticResponse(page -> page.insteadOf("500-599").body("sorry")));
    }

    static int plainPort(LoadBalancer balancer) {
        return balancer.address(PLAIN).getPort();
    }

    static int securedPort(LoadBalancer balancer) {
        return balancer.address(SECURED).getPort();
    }
}
