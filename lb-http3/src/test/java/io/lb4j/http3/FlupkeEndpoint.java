package io.lb4j.http3;

import io.lb4j.testkit.tls.TestCertificate;
import tech.kwik.core.log.NullLogger;
import tech.kwik.flupke.server.Http3ApplicationProtocolFactory;
import tech.kwik.flupke.server.HttpRequestHandler;

/** An endpoint of HTTP/3 that shares no code with ours. */
final class FlupkeEndpoint implements AutoCloseable {
    private final KwikServer server;

    FlupkeEndpoint(TestCertificate certificate, HttpRequestHandler handler) {
        server =
                new KwikServer(certificate, more -> {}, new NullLogger(), new Http3ApplicationProtocolFactory(handler));
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
