package io.lb4j.benchmarks.compare.vertx;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;

/**
 * Starts one reverse proxy of Vert.x http-proxy on one event loop and serves until the process is ended.
 *
 * <p>Usage: {@code VertxPeer --port N --tls-port N --origin HOST:PORT --certificate FILE --key FILE}, each option
 * required. Exits with status 1 when an option is missing or a port cannot be bound.
 */
public final class VertxPeer {
    private VertxPeer() {}

    public static void main(String[] arguments) throws Exception {
        var options = PeerOptions.parse(arguments);
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        try {
            if (!vertx.isNativeTransportEnabled()) {
                throw new IllegalStateException(
                        "native transport: off (expected: epoll)", vertx.unavailableNativeTransportCause());
            }
            vertx.deployVerticle(new ProxyVerticle(options)).await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            vertx.close();
            throw e;
        }
    }
}
