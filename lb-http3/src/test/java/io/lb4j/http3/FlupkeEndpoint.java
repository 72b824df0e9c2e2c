package io.lb4j.http3;

import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.tls.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;
import tech.kwik.flupke.server.Http3ApplicationProtocolFactory;
import tech.kwik.flupke.server.HttpRequestHandler;

/** An endpoint of HTTP/3 that shares no code with ours. On the TCP port of the same number nobody answers: who turns to it meets no stranger. */
final class FlupkeEndpoint implements AutoCloseable {
    private final ReservedPort tcp = ReservedPort.any();
    private final DatagramSocket socket;
    private final ServerConnector server;

    FlupkeEndpoint(TestCertificate certificate, HttpRequestHandler handler) {
        try {
            socket = new DatagramSocket(tcp.address());
            server = ServerConnector.builder()
                    .withSocket(socket)
                    .withLogger(new NullLogger())
                    .withKeyStore(
                            certificate.keyStore(),
                            certificate.keyStore().aliases().nextElement(),
                            TestCertificate.KEY_STORE_PASSWORD.toCharArray())
                    .withConfiguration(ServerConnectionConfig.builder()
                            .maxOpenPeerInitiatedBidirectionalStreams(50)
                            .maxOpenPeerInitiatedUnidirectionalStreams(50)
                            .build())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CertificateException | KeyStoreException e) {
            throw new IllegalStateException(e);
        }
        server.registerApplicationProtocol("h3", new Http3ApplicationProtocolFactory(handler));
        server.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        server.close();
        tcp.close();
    }
}
