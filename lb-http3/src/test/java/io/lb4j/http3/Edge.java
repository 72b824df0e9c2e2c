package io.lb4j.http3;

import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.spi.Observer;
import io.lb4j.spi.Transport;
import io.lb4j.stats.AccessRecord;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.stats.TransportStatistics;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A balancer with HTTP/3 on its one listener, before one upstream, and the records of what it did. */
final class Edge implements AutoCloseable {
    private final BlockingQueue<AccessRecord> records = new LinkedBlockingQueue<>();
    private final LoadBalancer balancer;

    private Edge(LoadBalancerBuilder builder) {
        balancer = builder.observer(new Observer() {
                    @Override
                    public void onAccess(AccessRecord access) {
                        records.add(access);
                    }
                })
                .start();
    }

    static Edge before(ScriptedUpstream upstream) {
        return before(upstream, Http3.defaults());
    }

    static Edge before(ScriptedUpstream upstream, Transport http3) {
        return before(upstream, http3, listener -> {}, builder -> {});
    }

    static Edge before(
            ScriptedUpstream upstream,
            Transport http3,
            Consumer<ListenerBuilder> listener,
            Consumer<LoadBalancerBuilder> more) {
        return new Edge(builder(upstream, http3, listener, more));
    }

    /** Gives what is under way a minute to end, for tests of how it ends. */
    static void drainPatiently(LoadBalancerBuilder builder) {
        builder.process(process -> process.drainTimeout(Duration.ofMinutes(1)));
    }

    static LoadBalancerBuilder builder(
            ScriptedUpstream upstream,
            Transport http3,
            Consumer<ListenerBuilder> listener,
            Consumer<LoadBalancerBuilder> more) {
        LoadBalancerBuilder builder = LoadBalancer.builder()
                .listener("main", made -> {
                    made.port(0).tls(tls -> tls.selfSigned("localhost")).http3(http3);
                    listener.accept(made);
                })
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                .route("gone", route -> route.path("/gone").respond(410, response -> response.body("gone")))
                .route("all", route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(5)));
        more.accept(builder);
        return builder;
    }

    LoadBalancer balancer() {
        return balancer;
    }

    int port() {
        return balancer.port();
    }

    /** Returns the next access record, waiting for it. */
    AccessRecord nextRecord() {
        try {
            AccessRecord next = records.poll(30, TimeUnit.SECONDS);
            return Objects.requireNonNull(next, "access record: none within 30 seconds");
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    ListenerStatistics statistics() {
        return Objects.requireNonNull(balancer.stats().listeners().get("main"));
    }

    /** Returns a count of the transport. */
    long figure(Figure figure) {
        TransportStatistics transport =
                Objects.requireNonNull(statistics().transports().get("h3"));
        return Objects.requireNonNull(transport.figures().get(figure.text()));
    }

    @Override
    public void close() {
        balancer.close();
    }
}
