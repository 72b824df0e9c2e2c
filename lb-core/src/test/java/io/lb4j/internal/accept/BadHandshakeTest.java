package io.lb4j.internal.accept;

import static io.lb4j.internal.accept.TlsFixture.EXACT;
import static io.lb4j.internal.accept.TlsFixture.STRANGER;
import static io.lb4j.internal.accept.TlsFixture.name;
import static io.lb4j.internal.accept.TlsFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.internal.tls.HandshakeFailure;
import io.lb4j.internal.tls.HandshakePolicy;
import io.lb4j.internal.tls.Hello;
import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.spi.Certificates;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.tls.ClientTls;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes that fail, and how they are counted, with both engines. */
class BadHandshakeTest {
    private final TlsFixture tls = new TlsFixture();

    @AfterEach
    void close() {
        tls.close();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesProtocolsItDoesNotServe(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT))) {
            assertThatThrownBy(() -> tls.connect(listener, name("a.example.com").alpn("smtp")))
                    .rootCause()
                    .hasMessageContaining("no_application_protocol");
            tls.awaitFailures(listener, Map.of(HandshakeFailure.NO_APPLICATION_PROTOCOL, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void knowsPlainHttpWhenItSeesIt(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT));
                RawClient client = RawClient.connect(listener.port())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.expectClose();
            tls.awaitFailures(listener, Map.of(HandshakeFailure.NOT_TLS, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void answersAMalformedHelloWithAnAlert(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT));
                RawClient client = RawClient.connect(listener.port())) {
            client.send(Hello.plain().serverName("a").serverName("b").record());
            assertThat(client.read(7)).isEqualTo(new byte[] {21, 3, 3, 0, 2, 2, 50});
            client.expectClose();
            tls.awaitFailures(listener, Map.of(HandshakeFailure.MALFORMED_HELLO, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesAHelloThatIsTooLarge(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT));
                RawClient client = RawClient.connect(listener.port())) {
            client.send(
                    Hello.records(Hello.plain().extension(21, new byte[20_000]).message(), 16_000));
            assertThat(client.read(7)).isEqualTo(new byte[] {21, 3, 3, 0, 2, 2, 50});
            tls.awaitFailures(listener, Map.of(HandshakeFailure.HELLO_TOO_LARGE, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void endsAHandshakeThatStalls(TlsEngine engine) {
        HandshakePolicy brief = HandshakePolicy.defaults().withTimeout(Duration.ofMillis(50));
        try (TestListener listener = tls.open(settings(engine).withHandshake(brief), Certificates.of(EXACT));
                RawClient silent = RawClient.connect(listener.port());
                RawClient half = RawClient.connect(listener.port())) {
            half.send(new byte[] {22, 3, 1, 2, 0, 1, 0, 1});
            silent.expectClose();
            half.expectClose();
            tls.awaitFailures(listener, Map.of(HandshakeFailure.TIMEOUT, 2L));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void countsAClientThatGoesAway(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT))) {
            RawClient client = RawClient.connect(listener.port());
            client.send(new byte[] {22, 3, 1});
            await().until(() -> listener.statistics().bytesRead() == 3);
            client.abort();
            tls.awaitFailures(listener, Map.of(HandshakeFailure.CLIENT_GONE, 1L));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void countsAClientThatDoesNotTrustTheCertificate(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(EXACT))) {
            assertThatThrownBy(() ->
                            tls.connect(listener, ClientTls.trusting(STRANGER).serverName("a.example.com")))
                    .hasMessageContaining("cannot connect");
            tls.awaitFailures(listener, Map.of(HandshakeFailure.REFUSED_BY_CLIENT, 1L));
        }
    }
}
