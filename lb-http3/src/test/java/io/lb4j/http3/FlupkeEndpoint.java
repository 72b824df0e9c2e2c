package io.lb4j.http3;

import io.lb4j.testkit.net.PortPair;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.tls.TestCertificate;
import tech.kwik.core.log.NullLogger;
import tech.kwik.flupke.server.Http3ApplicationProtocolFactory;
import tech.kwik.flupke.server.HttpRequestHandler;

/** An endpoint of HTTP/3 that shares no code with ours. On the TCP port of the same number nobody answers: who turns to it meets no stranger. */
final class FlupkeEndpoint implements AutoCloseable {
    private final PortPair<ReservedPort> ports = PortPair.bind(ReservedPort::any, ReservedPort::address);
    private final KwikServer server;

    FlupkeEndpoint(TestCertificate certificate, HttpRequestHandler handler) {
        server = new KwikServer(
                ports.udp(), certificate, more -> {}, new NullLogger(), new Http3ApplicationProtocolFactory(handler));
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        ports.tcp().close();
    }
}
