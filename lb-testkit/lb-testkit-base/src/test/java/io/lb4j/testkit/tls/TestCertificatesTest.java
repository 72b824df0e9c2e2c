package io.lb4j.testkit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestCertificatesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final TestCertificates authority = TestCertificates.create();

    private static int statusOver(ServerTls server, ClientTls client) {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.tls(server).onAny().answer(200));
                RawClient connection = RawClient.connect(upstream.port(), client)) {
            return connection.send(GET).readResponse().status();
        }
    }

    @ParameterizedTest
    @EnumSource(LeafSpec.KeyKind.class)
    void aClientThatTrustsTheAuthorityAcceptsItsLeaves(LeafSpec.KeyKind kind) {
        TestCertificates issuer = TestCertificates.create(kind);
        LeafSpec spec =
                LeafSpec.named("leaf").names("a.test", "*.b.test", "127.0.0.1").key(kind);
        ServerTls server = ServerTls.with(issuer.issue(spec));
        ClientTls client = ClientTls.trusting(issuer);

        assertThat(statusOver(server, client.serverName("a.test"))).isEqualTo(200);
        assertThat(statusOver(server, client.serverName("x.b.test"))).isEqualTo(200);
        assertThat(statusOver(server, client)).isEqualTo(200);
    }

    @Test
    void aWrongHostNameFailsTheHandshake() {
        ServerTls server = ServerTls.with(authority.server("a.test"));
        ClientTls client = ClientTls.trusting(authority).serverName("b.test");

        assertThatThrownBy(() -> statusOver(server, client))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseInstanceOf(CertificateException.class);
        assertThat(statusOver(server, ClientTls.trustAll().serverName("b.test")))
                .isEqualTo(200);
    }

    @Test
    void anotherAuthorityIsNotTrusted() {
        ServerTls server = ServerTls.with(TestCertificates.create().server("a.test"));
        ClientTls client = ClientTls.trusting(authority).serverName("a.test");

        assertThatThrownBy(() -> statusOver(server, client)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void datesAreKept() {
        assertThatThrownBy(() -> authority.expired("a.test").leaf().checkValidity())
                .isInstanceOf(CertificateExpiredException.class);
        assertThatThrownBy(() -> authority.notYetValid("a.test").leaf().checkValidity())
                .isInstanceOf(CertificateNotYetValidException.class);
        Instant from = Instant.parse("2030-01-01T00:00:00Z");
        Instant until = Instant.parse("2030-02-01T00:00:00Z");
        TestCertificate leaf = authority.issue(LeafSpec.named("a").validity(from, until));
        assertThat(leaf.leaf().getNotBefore().toInstant()).isEqualTo(from);
        assertThat(leaf.leaf().getNotAfter().toInstant()).isEqualTo(until);
        assertThatThrownBy(() -> LeafSpec.named("a").validity(until, from))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anExpiredCertificateFailsTheHandshake() {
        ServerTls server = ServerTls.with(authority.expired("a.test"));
        ClientTls client = ClientTls.trusting(authority).serverName("a.test");

        assertThatThrownBy(() -> statusOver(server, client)).hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void clientCertificatesAreAskedForAndSeen() {
        ServerTls server = ServerTls.with(authority.server("a.test")).requireClient(authority);
        ClientTls anonymous = ClientTls.trusting(authority).serverName("a.test");
        try (ScriptedUpstream upstream =
                ScriptedUpstream.start(script -> script.tls(server).onAny().answer(200))) {
            try (RawClient alice = RawClient.connect(upstream.port(), anonymous.identity(authority.client("alice")))) {
                alice.send(GET).readResponse();
            }
            assertThat(upstream.awaitRequest().tls().orElseThrow().peerSubject())
                    .contains("CN=alice");
        }
        assertThatThrownBy(() -> statusOver(server, anonymous))
                .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
    }

    @ParameterizedTest
    @EnumSource(LeafSpec.KeyKind.class)
    void nettyReadsThePemFiles(LeafSpec.KeyKind kind, @TempDir Path folder) throws IOException {
        TestCertificate leaf =
                authority.issue(LeafSpec.named("a").names("a.test").key(kind));
        TestCertificate.PemFiles files = leaf.writePem(folder, "server");
        SslContext context = SslContextBuilder.forServer(
                        files.chain().toFile(), files.key().toFile())
                .build();

        assertThat(context.isServer()).isTrue();
        assertThat(authority.writePem(folder.resolve("ca.crt"))).content().startsWith("-----BEGIN CERTIFICATE-----");
    }

    @Test
    void versionsAndApplicationProtocolsAreAgreedOn() {
        ServerTls server =
                ServerTls.with(authority.server("a.test")).protocols("TLSv1.2").alpn("h2", "http/1.1");
        ClientTls client = ClientTls.trusting(authority).serverName("a.test").alpn("http/1.1");
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.tls(server).onAny().answer(200));
                RawClient connection = RawClient.connect(upstream.port(), client)) {
            TlsFacts facts = connection.tls().orElseThrow();

            assertThat(facts.protocol()).isEqualTo("TLSv1.2");
            assertThat(facts.applicationProtocol()).contains("http/1.1");
        }
        ClientTls other = client.alpn("h3");
        assertThatThrownBy(() -> statusOver(server, other)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void everyLeafHasItsOwnSerialAndTheKeyStaysOutOfItsText() {
        TestCertificate one = authority.server("a.test");
        TestCertificate two = authority.server("a.test");

        assertThat(one.leaf().getSerialNumber()).isNotEqualTo(two.leaf().getSerialNumber());
        assertThat(one.toString()).doesNotContain("PRIVATE").contains("CN=a.test");
        assertThat(one.chain()).isEqualTo(List.of(one.leaf(), authority.certificate()));
    }
}
