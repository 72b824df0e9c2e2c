package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.spi.Certificates;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both legs: who is spoken with is certain, or nothing is said. */
final class TlsTest {
    private static TestCertificates authority;

    @TempDir
    static Path folder;

    @BeforeAll
    static void createAuthority() throws Exception {
        authority = TestCertificates.create();
        authority.writePem(folder.resolve("ca.pem"));
    }

    private static ClientTls asking(String name) {
        return ClientTls.trustAll().serverName(name);
    }

    private static Site.Plan secured(ScriptedUpstream upstream) {
        return Site.before(upstream)
                .listener(made -> made.tls(tls -> tls.certificates(Certificates.selfSigned("a.test", "b.test"))
                        .certificates(Certificates.selfSigned("other.test"))));
    }

    @Test
    void recordsOfOneOctetAreAsGoodAsAnyOther() {
        byte[] request =
                "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII);
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().echo());
                Site site = secured(upstream).start();
                RawClient client = RawClient.connect(site.port(), asking("a.test"))) {
            RawResponse response = client.sendSlowly(request, Duration.ZERO, 1).readResponse();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("hello");
        }
    }

    @Test
    void aHostOfAnotherCertificateIsElsewhere() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = secured(upstream).start();
                RawClient client = RawClient.connect(site.port(), asking("a.test"))) {
            assertThat(get(client, "a.test").status()).isEqualTo(200);
            assertThat(get(client, "b.test:8443").status())
                    .as("of the same certificate")
                    .isEqualTo(200);

            RawResponse response = get(client, "other.test");

            assertThat(response.status()).isEqualTo(421);
            assertThat(response.headers().first("x-lb4j-reason")).contains("misdirected");
            assertThat(get(client, "OTHER.test.").status()).isEqualTo(421);
            assertThat(get(client, "a.test").status())
                    .as("the connection goes on")
                    .isEqualTo(200);
            assertThat(upstream.requestCount()).isEqualTo(3);
        }
    }

    @Test
    void aHostOfAnotherCertificateIsElsewhereInHttp2Too() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = secured(upstream).start();
                RawH2Client client = RawH2Client.connect(site.port(), asking("other.test"))) {
            H2Response response = client.request(
                    Fields.of(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a.test"), new byte[0]);

            assertThat(response.status()).isEqualTo(421);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void aClientThatDoesNotShakeHandsIsClosedInTime() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .listener(made ->
                                made.tls(tls -> tls.selfSigned("a.test").handshakeTimeout(Duration.ofMillis(200))))
                        .start();
                RawClient slow = site.dial()) {
            slow.send("\u0016\u0003\u0001");

            slow.expectClose();
            await().until(() -> site.listener().handshakesFailed() == 1);
        }
    }

    @Test
    void aClientHelloBeyondTheBoundIsRefused() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = secured(upstream).start();
                RawClient client = site.dial()) {
            // A record that announces a ClientHello of 65,535 octets.
            client.send("\u0016\u0003\u0001@\u0000\u0001\u0000\u00ff\u00ff" + "\u0003".repeat(1000));

            assertThat(client.read(7)).as("an alert").startsWith(21, 3);
            client.expectClose();
            await().until(() -> site.listener().handshakesFailed() == 1);
        }
    }

    private static RawResponse get(RawClient client, String host) {
        return client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").readResponse();
    }

    @Test
    void anEndpointWhoseCertificateIsForAnotherNameIsNotSpokenWith() {
        try (ScriptedUpstream upstream =
                ScriptedUpstream.start(script -> script.tls(ServerTls.with(authority.server("elsewhere.test")))
                        .onAny()
                        .answer(200))) {
            try (Site site = Site.before(upstream)
                    .cluster(made -> made.tls(tls -> tls.trust(folder.resolve("ca.pem"))))
                    .start()) {
                assertFailsInTheHandshake(site, upstream);
            }
            try (Site site = Site.before(upstream)
                    .cluster(made ->
                            made.tls(tls -> tls.trust(folder.resolve("ca.pem")).serverName("elsewhere.test")))
                    .start()) {
                assertThat(site.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status())
                        .as("by the name that it has")
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void anEndpointWhoseCertificateNobodyTrustsIsNotSpokenWithUnlessAskedTo() {
        try (ScriptedUpstream upstream =
                ScriptedUpstream.start(script -> script.tls(ServerTls.with(authority.server("127.0.0.1")))
                        .onAny()
                        .answer(200))) {
            try (Site site = Site.before(upstream).cluster(made -> made.tls()).start()) {
                assertFailsInTheHandshake(site, upstream);
            }
            try (Site site = Site.before(upstream)
                    .cluster(made -> made.tls(tls -> tls.insecure()))
                    .start()) {
                assertThat(site.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void anEndpointWhoseCertificateHasExpiredIsNotSpokenWith() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.tls(ServerTls.with(authority.expired("127.0.0.1")))
                                .onAny()
                                .answer(200));
                Site site = Site.before(upstream)
                        .cluster(made -> made.tls(tls -> tls.trust(folder.resolve("ca.pem"))))
                        .start()) {
            assertFailsInTheHandshake(site, upstream);
        }
    }

    private static void assertFailsInTheHandshake(Site site, ScriptedUpstream upstream) {
        RawResponse response = site.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.headers().first("x-lb4j-reason")).contains("tls_failed");
        AccessRecord access = site.nextRecord();
        assertThat(access.response().reason()).contains("tls_failed");
        // It may have been something of the moment: each try is a connection of its own.
        assertThat(access.upstream().tries()).isEqualTo(3);
        assertThat(upstream.awaitConnections(seen -> seen.closed() == 3).accepted())
                .isEqualTo(3);
    }
}
