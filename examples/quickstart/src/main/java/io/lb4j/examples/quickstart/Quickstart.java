package io.lb4j.examples.quickstart;

import io.lb4j.LoadBalancer;
import io.lb4j.http3.Http3;
import io.lb4j.plugins.metrics.Metrics;
import io.lb4j.server.admin.AdminServer;
import io.lb4j.server.admin.Administered;
import io.lb4j.server.config.AdminOptions;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Starts three upstreams and a balancer before them, says what to try, and serves until it is ended by Ctrl-C. */
public final class Quickstart implements AutoCloseable {
    private final List<Upstream> upstreams;
    private final LoadBalancer balancer;
    private final AdminServer admin;

    private Quickstart(List<Upstream> upstreams, LoadBalancer balancer, AdminServer admin) {
        this.upstreams = upstreams;
        this.balancer = balancer;
        this.admin = admin;
    }

    /** Runs until the process is told to end. */
    public static void main(String[] words) throws InterruptedException {
        Quickstart quickstart;
        try {
            quickstart = start(Arguments.parse(words));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        } catch (RuntimeException e) { // a port is taken, say
            System.err.println(e.getMessage() + "\n" + Arguments.USAGE);
            System.exit(2);
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println("\nclosing: requests under way are finished first");
            quickstart.close();
            ended.countDown();
        }));
        System.out.println(quickstart.instructions());
        ended.await();
    }

    /** Starts everything. */
    static Quickstart start(Arguments arguments) {
        List<Upstream> upstreams = List.of(Upstream.start("a"), Upstream.start("b"), Upstream.start("c"));
        LoadBalancer balancer = LoadBalancer.builder()
                .listener("plain", listener -> listener.port(arguments.port()))
                .listener(
                        "secure",
                        listener -> listener.port(arguments.tlsPort())
                                .tls(tls -> tls.selfSigned("localhost"))
                                .http3(Http3.defaults()))
                .cluster("api", cluster -> {
                    upstreams.forEach(upstream -> cluster.endpoint("127.0.0.1", upstream.port()));
                    cluster.balance("round_robin");
                })
                .route(route -> route.path("/**").to("api"))
                .plugin(Metrics.prometheus(metrics -> {}))
                .build();
        try {
            balancer.start();
            AdminOptions options = AdminOptions.of(admin -> admin.port(arguments.adminPort()));
            return new Quickstart(upstreams, balancer, AdminServer.start(Administered.of(balancer), options));
        } catch (RuntimeException e) {
            balancer.close();
            upstreams.forEach(Upstream::close);
            throw e;
        }
    }

    int port() {
        return balancer.address("plain").getPort();
    }

    int tlsPort() {
        return balancer.address("secure").getPort();
    }

    int adminPort() {
        return admin.port();
    }

    int upstreamPort(int index) {
        return upstreams.get(index).port();
    }

    String instructions() {
        return """

                lb4j serves three upstreams, a, b and c. In another terminal, try:

                  curl -i http://localhost:%1$d/hello                 HTTP/1.1; see x-upstream change
                  curl -i --http2-prior-knowledge http://localhost:%1$d/hello
                  curl -ik https://localhost:%2$d/hello               TLS with a self-signed certificate, HTTP/2
                  curl -ik --http3-only https://localhost:%2$d/hello  HTTP/3, with a curl that speaks it
                  curl -X DELETE http://127.0.0.1:%3$d/                kills upstream b; nothing is lost:
                  for i in 1 2 3 4 5 6; do curl -s http://localhost:%1$d/; done

                The dashboard is at http://localhost:%4$d/, figures for Prometheus are at http://localhost:%4$d/metrics.
                """.formatted(port(), tlsPort(), upstreamPort(1), adminPort());
    }

    @Override
    public void close() {
        balancer.close();
        admin.close();
        upstreams.forEach(Upstream::close);
    }
}
