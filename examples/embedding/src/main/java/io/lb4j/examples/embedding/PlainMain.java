package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;
import java.time.Duration;

/**
 * A balancer in a plain {@code main}, all of it in one place: two upstreams, asked each second whether they are well, and a word at the end about
 * what was done. The other examples leave starting and ending to {@link Running}.
 *
 * <pre>
 * examples/run plain-main [PORT]
 * curl -i http://localhost:8080/hello      is answered by one and two in turn
 * </pre>
 */
public final class PlainMain {
    private PlainMain() {}

    /** Serves until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        int port = words.length == 0 ? 8080 : Integer.parseInt(words[0]);
        LoadBalancer one = Upstreams.answering("one");
        LoadBalancer two = Upstreams.answering("two");

        LoadBalancer balancer = LoadBalancer.builder()
                .listener("main", listener -> listener.port(port))
                .cluster(
                        "api",
                        cluster -> cluster.endpoint("127.0.0.1", one.port())
                                .endpoint("127.0.0.1", two.port())
                                .health(health -> health.http("/healthz").interval(Duration.ofSeconds(1))))
                .route(route -> route.path("/**").to("api"))
                .start();
        System.out.println("serves http://localhost:" + balancer.port());

        // Ctrl-C and SIGTERM run this: requests under way are finished first, for up to 30 seconds.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            balancer.stats()
                    .clusters()
                    .forEach((name, cluster) -> System.out.println(
                            name + " has had " + cluster.traffic().requests() + " requests"));
            balancer.close();
            one.close();
            two.close();
        }));
        Thread.currentThread().join(); // the hook runs beside it, and ends the process
    }
}
