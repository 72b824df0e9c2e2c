package io.lb4j.benchmarks.compare;

import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.http3.Http3;
import java.time.Duration;

/**
 * Starts one balancer on one event loop, before one endpoint, and serves until the process is told to end.
 *
 * <p>Usage: {@code BalancerUnderTest --port N --tls-port N --origin HOST:PORT --certificate FILE --key FILE}, each option required;
 * with {@code --http3 true} also by HTTP/3, on the UDP port of the same number as the one with TLS.
 * Exits with status 1 when an option is missing or a port cannot be bound.
 */
public final class BalancerUnderTest {
    /** 16 connections with 32 streams each are the most that a scenario has in flight; the peers keep as many. */
    private static final int UPSTREAM_CONNECTIONS = 512;

    private static final Duration KEPT = Duration.ofMinutes(10);

    private BalancerUnderTest() {}

    /** Starts it; returns as soon as it serves. */
    public static void main(String[] words) {
        try {
            LoadBalancer balancer = balancer(BalancerOptions.parse(words)).start();
            Runtime.getRuntime().addShutdownHook(new Thread(balancer::close, "close"));
        } catch (RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static LoadBalancer balancer(BalancerOptions options) {
        return LoadBalancer.builder()
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ZERO))
                .listener("plain", listener -> listener.port(options.port()))
                .listener("secure", listener -> secure(listener, options))
                .cluster(
                        "origin",
                        cluster -> cluster.endpoint(options.originHost(), options.originPort())
                                .pool(pool -> pool.maxIdle(UPSTREAM_CONNECTIONS).idleTimeout(KEPT)))
                .route(route -> route.path("/**").to("origin"))
                .build();
    }

    private static void secure(ListenerBuilder listener, BalancerOptions options) {
        listener.port(options.tlsPort())
                .tls(tls -> tls.certificate(options.certificate(), options.key())
                        .sessionTickets(false)); // every handshake of connect-tls is a full one
        if (options.http3()) {
            listener.http3(Http3.defaults());
        }
    }
}
