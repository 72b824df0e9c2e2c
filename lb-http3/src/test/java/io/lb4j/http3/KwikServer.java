package io.lb4j.http3;

import io.lb4j.testkit.tls.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.security.KeyStoreException;
import java.security.cert.CertificateException;
import java.util.function.Consumer;
import tech.kwik.core.log.Logger;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;

/** A server of QUIC that shares no code with ours. */
final class KwikServer implements AutoCloseable {
    static {
        leaveAssertionsOut();
    }

    private final DatagramSocket socket;
    private final ServerConnector server;

    KwikServer(
            DatagramSocket socket,
            TestCertificate certificate,
            Consumer<ServerConnectionConfig.Builder> more,
            Logger logger,
            ApplicationProtocolConnectionFactory h3) {
        ServerConnectionConfig.Builder configuration = ServerConnectionConfig.builder()
                .maxOpenPeerInitiatedBidirectionalStreams(50)
                .maxOpenPeerInitiatedUnidirectionalStreams(50);
        more.accept(configuration);
        this.socket = socket;
        try {
            server = ServerConnector.builder()
                    .withSocket(socket)
                    .withLogger(logger)
                    .withKeyStore(
                            certificate.keyStore(),
                            certificate.keyStore().aliases().nextElement(),
                            TestCertificate.KEY_STORE_PASSWORD.toCharArray())
                    .withConfiguration(configuration.build())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CertificateException | KeyStoreException e) {
            throw new IllegalStateException(e);
        }
        server.registerApplicationProtocol("h3", h3);
        server.start();
    }

    /**
     * Before the first class of kwik is there: kwik 0.10.8 asserts that it knows of each packet that is acknowledged, and on the loopback one may be before it
     * has written that down.
     */
    static void leaveAssertionsOut() {
        KwikServer.class.getClassLoader().setPackageAssertionStatus("tech.kwik.core", false);
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        server.close();
    }
}
