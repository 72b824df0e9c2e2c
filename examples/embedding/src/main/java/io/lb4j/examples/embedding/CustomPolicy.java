package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;
import io.lb4j.model.Endpoint;
import java.util.Map;

/**
 * A cluster that is balanced by a {@linkplain NearestZone policy of one's own}.
 *
 * <pre>
 * examples/run custom-policy [PORT]
 * curl -s http://localhost:8080/           is answered in zone a, each time
 * </pre>
 */
public final class CustomPolicy {
    private CustomPolicy() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        start(Running.port(words)).untilEnded();
    }

    static Running start(int port) {
        LoadBalancer near = Upstreams.answering("zone a");
        LoadBalancer far = Upstreams.answering("zone b");
        return Running.start(
                LoadBalancer.builder()
                        .listener("main", listener -> listener.port(port))
                        .cluster(
                                "api",
                                cluster -> cluster.endpoint(inZone("b", far))
                                        .endpoint(inZone("a", near))
                                        .balance(new NearestZone("a", 100)))
                        .route(route -> route.path("/**").to("api")),
                near::close,
                far::close);
    }

    private static Endpoint inZone(String zone, LoadBalancer upstream) {
        return Endpoint.of("127.0.0.1", upstream.port()).withMetadata(Map.of("zone", zone));
    }
}
