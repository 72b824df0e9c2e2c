package io.lb4j.it.streaming;

import io.lb4j.testkit.net.LoopbackServer;
import io.lb4j.testkit.net.Wire;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** An endpoint that serves each exchange on a thread of its own. */
final class Origin implements AutoCloseable {
    private final Leg leg;
    private final LoopbackServer server;

    /** Serves one exchange. */
    @FunctionalInterface
    interface Service {
        void serve(Line line) throws IOException;
    }

    private Origin(Leg leg, LoopbackServer server) {
        this.leg = leg;
        this.server = server;
    }

    static Origin start(Leg leg, Service service) {
        Optional<ServerTls> tls = leg.isSecured()
                ? Optional.of(ServerTls.with(TestCertificates.create().server("127.0.0.1"))
                        .alpn(leg.alpn()))
                : Optional.empty();
        return new Origin(
                leg,
                LoopbackServer.start(
                        new LoopbackServer.Settings("origin-" + leg, tls, 0),
                        (wire, number) -> serve(leg, wire, service)));
    }

    private static void serve(Leg leg, Wire wire, Service service) throws IOException {
        if (leg.isHttp2()) {
            H2Peer.serve(wire, service);
            return;
        }
        InputStream in = new BufferedInputStream(wire.input(), 64 * 1024);
        while (true) {
            service.serve(H1Line.take(wire, in));
        }
    }

    Leg leg() {
        return leg;
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
