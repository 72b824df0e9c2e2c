package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Scanner;

/**
 * A balancer with a {@linkplain Maintenance plugin of one's own}.
 *
 * <pre>
 * examples/run custom-plugin [PORT]
 * on, and Enter, where the example runs                begins maintenance; off ends it
 * curl -i http://localhost:8080/                       goes on
 * curl -i -X POST http://localhost:8080/               503, with retry-after
 * </pre>
 */
public final class CustomPlugin {
    private CustomPlugin() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Maintenance maintenance = new Maintenance();
        LoadBalancer upstream = Upstreams.answering("the service");
        Running running = Running.start(describe(Running.port(words), upstream.port(), maintenance), upstream::close);
        new Thread(() -> readOrders(maintenance), "orders").start();
        running.untilEnded();
    }

    /** Describes the balancer. An exchange whose plugin fails does not go on without it. */
    static LoadBalancerBuilder describe(int port, int upstreamPort, Maintenance maintenance) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(port))
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstreamPort))
                .route(route -> route.path("/**").to("api"))
                .plugin(
                        maintenance,
                        use -> use.config(Map.of("retry_after", 30)).failClosed());
    }

    private static void readOrders(Maintenance maintenance) {
        Scanner words = new Scanner(System.in, StandardCharsets.UTF_8);
        while (words.hasNext()) {
            maintenance.turn(words.next().equals("on"));
        }
    }
}
