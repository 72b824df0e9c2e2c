package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/**
 * A canary release: a share of the requests goes to the new version, and whoever asks for it by a field gets it always. The share is changed while
 * requests are served; those under way stay where they are.
 *
 * <pre>
 * examples/run canary [PORT]
 * for i in $(seq 20); do curl -s http://localhost:8080/; done        of ten, one by the canary
 * curl -s -H 'x-canary: always' http://localhost:8080/               the canary
 * 50, and Enter, where the example runs                              half of them; 100 ends the release, 0 takes it back
 * </pre>
 */
public final class Canary implements AutoCloseable {
    private final LoadBalancer stable = Upstreams.answering("stable");
    private final LoadBalancer canary = Upstreams.answering("canary");
    private final int port;
    private final Running running;

    private Canary(int port, int percent) {
        this.port = port;
        this.running = Running.start(sending(percent), stable::close, canary::close);
    }

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        Canary release = start(Running.port(words), 10);
        new Thread(release::readShares, "shares").start();
        release.running.untilEnded();
    }

    /** Begins a release, with a share in percent. */
    static Canary start(int port, int percent) {
        return new Canary(port, percent);
    }

    private LoadBalancerBuilder sending(int percent) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(port))
                .cluster("stable", cluster -> cluster.endpoint("127.0.0.1", stable.port()))
                .cluster("canary", cluster -> cluster.endpoint("127.0.0.1", canary.port()))
                .route(
                        "asked-for",
                        route -> route.path("/**").header("x-canary", "always").to("canary"))
                .route(
                        "share",
                        route -> route.path("/**").to("stable", 100 - percent).to("canary", percent));
    }

    /** Gives the new version another share, in percent. */
    void share(int percent) {
        running.balancer().update(sending(percent).configuration());
    }

    private void readShares() {
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        while (lines.hasNextInt()) {
            share(lines.nextInt());
        }
    }

    int port() {
        return running.port();
    }

    @Override
    public void close() {
        running.close();
    }
}
