package io.lb4j.internal.accept;

import static io.lb4j.internal.accept.TlsFixture.AUTHORITY;
import static io.lb4j.internal.accept.TlsFixture.EXACT;
import static io.lb4j.internal.accept.TlsFixture.OTHER;
import static io.lb4j.internal.accept.TlsFixture.WILDCARD;
import static io.lb4j.internal.accept.TlsFixture.name;
import static io.lb4j.internal.accept.TlsFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.tls.HandshakeFailure;
import io.lb4j.internal.tls.HandshakePolicy;
import io.lb4j.internal.tls.HandshakePolicy.UnknownNames;
import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.Certificates;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which certificate a client is shown, with both engines. */
class CertificateChoiceTest {
    private final TlsFixture tls = new TlsFixture();

    @AfterEach
    void close() {
        tls.close();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void choosesTheCertificateByName(TlsEngine engine) {
        CertificateSource source = Certificates.of(List.of(OTHER, WILDCARD, EXACT));
        try (TestListener listener = tls.open(settings(engine), source)) {
            assertThat(tls.shownTo(listener, "a.example.com")).isEqualTo("CN=a.example.com");
            assertThat(tls.shownTo(listener, "A.EXAMPLE.com")).isEqualTo("CN=a.example.com");
            assertThat(tls.shownTo(listener, "b.example.com")).isEqualTo("CN=*.example.com");
            assertThat(tls.shownTo(listener, "b.b.example.com")).isEqualTo("CN=other.test");
            assertThat(tls.shownTo(listener, "unknown.test")).isEqualTo("CN=other.test");
            try (RawClient client = tls.connect(listener, ClientTls.trusting(AUTHORITY))) {
                assertThat(client.tls().orElseThrow().peerSubject()).contains("CN=other.test");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void prefersAnExactNameToAWildcardOfAnEarlierSource(TlsEngine engine) {
        List<CertificateSource> sources = List.of(Certificates.of(WILDCARD), Certificates.of(EXACT));
        try (TestListener listener = tls.open(settings(engine), sources)) {
            assertThat(tls.shownTo(listener, "a.example.com")).isEqualTo("CN=a.example.com");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesUnknownNamesByChoice(TlsEngine engine) {
        try (TestListener listener = tls.open(
                settings(engine).withHandshake(HandshakePolicy.defaults().withUnknownNames(UnknownNames.REFUSE)),
                Certificates.of(EXACT))) {
            assertThat(tls.shownTo(listener, "a.example.com")).isEqualTo("CN=a.example.com");
            assertThatThrownBy(() -> tls.connect(listener, name("b.example.com")))
                    .rootCause()
                    .hasMessageContaining("unrecognized_name");
            assertThatThrownBy(() -> tls.connect(listener, ClientTls.trusting(AUTHORITY)))
                    .rootCause()
                    .hasMessageContaining("unrecognized_name");
            tls.awaitFailures(listener, Map.of(HandshakeFailure.UNKNOWN_NAME, 2L));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void saysThatAnotherHostIsElsewhereOnlyWhereItsCertificateIsAnother(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), Certificates.of(List.of(EXACT, WILDCARD, OTHER)))) {
            tls.connect(listener, name("b.example.com")).close();
            ConnectionInfo connection = tls.lastConnection();
            assertThat(connection.isAuthoritativeFor("b.example.com")).isTrue();
            assertThat(connection.isAuthoritativeFor("c.example.com")).isTrue();
            assertThat(connection.isAuthoritativeFor("a.example.com")).isFalse();
            assertThat(connection.isAuthoritativeFor("other.test")).isFalse();
            tls.connect(listener, ClientTls.trusting(AUTHORITY)).close();
            assertThat(tls.lastConnection().isAuthoritativeFor("other.test")).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void waitsForACertificateThatMustBeFound(TlsEngine engine) {
        CompletableFuture<Optional<Certificate>> search = new CompletableFuture<>();
        SwappedCertificate source = new SwappedCertificate(OTHER) {
            @Override
            public CompletionStage<Optional<Certificate>> find(String serverName) {
                return search;
            }
        };
        try (TestListener listener = tls.open(settings(engine), source)) {
            CompletableFuture<String> shown =
                    CompletableFuture.supplyAsync(() -> tls.shownTo(listener, "a.example.com"), Aside.THREAD);
            await().until(() -> listener.statistics().bytesRead() > 0);
            assertThat(shown).isNotDone();
            search.complete(Optional.of(EXACT));
            assertThat(shown.join()).isEqualTo("CN=a.example.com");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void takesAFailedSearchForNone(TlsEngine engine) {
        SwappedCertificate source = new SwappedCertificate(OTHER) {
            @Override
            public CompletionStage<Optional<Certificate>> find(String serverName) {
                throw new IllegalStateException("the store is away");
            }
        };
        try (TestListener listener = tls.open(settings(engine), source)) {
            assertThat(tls.shownTo(listener, "a.example.com")).isEqualTo("CN=other.test");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void failsHandshakesWithoutAnyCertificate(TlsEngine engine) {
        try (TestListener listener = tls.open(settings(engine), List.of())) {
            assertThatThrownBy(() -> tls.connect(listener, name("a.example.com")))
                    .rootCause()
                    .hasMessageContaining("handshake_failure");
            tls.awaitFailures(listener, Map.of(HandshakeFailure.NO_CERTIFICATE, 1L));
        }
    }
}
