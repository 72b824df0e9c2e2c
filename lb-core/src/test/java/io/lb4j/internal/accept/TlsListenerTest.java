package io.lb4j.internal.accept;

import static io.lb4j.internal.accept.TlsFixture.AUTHORITY;
import static io.lb4j.internal.accept.TlsFixture.EXACT;
import static io.lb4j.internal.accept.TlsFixture.STRANGER;
import static io.lb4j.internal.accept.TlsFixture.certificate;
import static io.lb4j.internal.accept.TlsFixture.clients;
import static io.lb4j.internal.accept.TlsFixture.name;
import static io.lb4j.internal.accept.TlsFixture.settings;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.Version;
import io.lb4j.internal.tls.ClientCertificates.Demand;
import io.lb4j.internal.tls.HandshakeFailure;
import io.lb4j.internal.tls.ServerTlsSettings;
import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.Certificates;
import io.lb4j.testkit.http.RawClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener and a client agree on over real sockets, with both engines; the client is the JDK's. */
class TlsListenerTest {
    private final TlsFixture tls = new TlsFixture();

    @AfterEach
    void close() {
        tls.close();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void agreesOnTheProtocolByAlpn(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT))) {
            assertThat(tls.versionFor(listener, name("a.example.com").alpn("h2", "http/1.1")))
                    .isEqualTo(Version.HTTP_2);
            assertThat(tls.versionFor(listener, name("a.example.com").alpn("http/1.1")))
                    .isEqualTo(Version.HTTP_1_1);
            assertThat(tls.versionFor(listener, name("a.example.com").alpn("http/1.0")))
                    .isEqualTo(Version.HTTP_1_1);
            assertThat(tls.versionFor(listener, name("a.example.com"))).isEqualTo(Version.HTTP_1_1);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void tellsWhatWasAgreed(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT))) {
            tls.connect(listener, name("a.example.com").alpn("h2").protocols("TLSv1.2"))
                    .close();
            TlsInfo info = tls.lastConnection().tls().orElseThrow();
            assertThat(info.protocol()).isEqualTo("TLSv1.2");
            assertThat(info.cipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
            assertThat(info.serverName()).contains("a.example.com");
            assertThat(info.applicationProtocol()).contains("h2");
            assertThat(info.peerCertificates()).isEmpty();
            assertThat(info.resumed()).isFalse();
            tls.connect(listener, name("a.example.com").protocols("TLSv1.3")).close();
            assertThat(tls.lastConnection().tls().orElseThrow().protocol()).isEqualTo("TLSv1.3");
            assertThat(listener.statistics().handshakes()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void swapsTheCertificateWhileItServes(TlsEngine engine) {
        Certificate renewed = certificate(AUTHORITY.server("renewed.test", "a.example.com"));
        SwappedCertificate source = new SwappedCertificate(EXACT);
        try (TestListener listener = tls.open(settings(engine), List.of(source));
                RawClient before = tls.connect(listener, name("a.example.com"))) {
            source.current = renewed;
            tls.onChange();
            assertThat(tls.shownTo(listener, "a.example.com")).isEqualTo("CN=renewed.test");
            before.send("x");
            assertThat(before.read(2)).isEqualTo("1x".getBytes(US_ASCII));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void demandsAClientCertificate(TlsEngine engine) {
        ServerTlsSettings settings = settings(engine).withClients(clients(Demand.REQUIRED));
        try (TestListener listener = tls.open(settings, Certificates.of(EXACT))) {
            tls.connect(listener, name("a.example.com").identity(AUTHORITY.client("alice")))
                    .close();
            assertThat(tls.lastConnection().tls().orElseThrow().peerCertificates())
                    .first()
                    .extracting(
                            certificate -> certificate.getSubjectX500Principal().getName())
                    .isEqualTo("CN=alice");

            tls.assertNotServed(listener, name("a.example.com").protocols("TLSv1.2"));
            tls.assertNotServed(listener, name("a.example.com").protocols("TLSv1.3"));
            tls.awaitFailures(listener, Map.of(HandshakeFailure.CLIENT_CERTIFICATE_MISSING, 2L));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesAClientCertificateFromAStranger(TlsEngine engine) {
        for (Demand demand : List.of(Demand.REQUIRED, Demand.OPTIONAL)) {
            ServerTlsSettings settings = settings(engine).withClients(clients(demand));
            try (TestListener listener = tls.open(settings, Certificates.of(EXACT))) {
                tls.assertNotServed(listener, name("a.example.com").identity(STRANGER.client("mallory")));
                tls.awaitFailures(listener, Map.of(HandshakeFailure.CLIENT_CERTIFICATE_REFUSED, 1L));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void takesClientsWithAndWithoutACertificateWhereItIsOptional(TlsEngine engine) {
        ServerTlsSettings settings = settings(engine).withClients(clients(Demand.OPTIONAL));
        try (TestListener listener = tls.open(settings, Certificates.of(EXACT))) {
            tls.connect(listener, name("a.example.com")).close();
            assertThat(tls.lastConnection().tls().orElseThrow().peerCertificates())
                    .isEmpty();
            tls.connect(listener, name("a.example.com").identity(AUTHORITY.client("alice")))
                    .close();
            assertThat(tls.lastConnection().tls().orElseThrow().peerCertificates())
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void drainsAConnectionInTheMiddleOfItsHandshake(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT));
                RawClient client = RawClient.connect(listener.port())) {
            await().until(() -> listener.statistics().active() == 1);
            listener.acceptor().stopAccepting().toCompletableFuture().join();
            listener.acceptor().drain();
            client.expectClose();
        }
    }
}
