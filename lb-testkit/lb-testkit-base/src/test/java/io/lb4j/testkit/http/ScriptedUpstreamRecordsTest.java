package io.lb4j.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import io.lb4j.testkit.tls.TlsFacts;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream notices: requests, violations, connections. */
class ScriptedUpstreamRecordsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private ScriptedUpstream upstream = ScriptedUpstream.start();

    @AfterEach
    void close() {
        upstream.close();
    }

    private RawClient client(Consumer<Script> script) {
        upstream.close();
        upstream = ScriptedUpstream.start(script);
        return RawClient.connect(upstream.port());
    }

    @Test
    void recordsRequestsByteByByte() {
        String head = "PUT /x?y HTTP/1.1\r\nhOST:a\r\nB: 1\r\nb:  2\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (RawClient client = client(script -> script.onAny().answer(200))) {
            client.send(GET).readResponse();
            client.send(head + "3;e=1\r\nabc\r\n0\r\nT: u\r\n\r\n").readResponse();

            RecordedRequest request = upstream.requests().get(1);
            assertThat(request.head().raw()).isEqualTo(head);
            assertThat(request.method()).isEqualTo("PUT");
            assertThat(request.target()).isEqualTo("/x?y");
            assertThat(request.headers().names()).containsExactly("hOST", "B", "b", "Transfer-Encoding");
            assertThat(request.body().text()).isEqualTo("abc");
            assertThat(request.trailers()).isEqualTo(Fields.of("T", "u"));
            assertThat(request.chunkExtensions()).containsExactly(";e=1");
            assertThat(request.connection()).isEqualTo(1);
            assertThat(request.sequence()).isEqualTo(2);
            assertThat(request.state()).isEqualTo(RecordedRequest.State.COMPLETE);
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void noticesThatTheClientLeavesAStalledExchange() {
        try (RawClient client = client(script -> script.onAny().stall().answer(200))) {
            client.send(GET);
            upstream.awaitRequest();
            client.abort();

            upstream.awaitConnections(connections -> connections.closed() == 1);
        }
    }

    @Test
    void reportsACutThatLiesBehindTheAnswer() {
        try (RawClient client =
                client(script -> script.onAny().answer(Answer.status(200).closeAt(10_000)))) {
            client.send(GET).readResponse();
            client.expectClose();

            assertThat(upstream.violations()).singleElement().asString().contains("cut: at byte 10000");
        }
    }

    @Test
    void refusesConnectionsWhileItDoesNotListenAndKeepsItsPort() {
        int port = upstream.port();
        upstream.stopListening();
        assertThatThrownBy(() -> RawClient.connect(port)).isInstanceOf(UncheckedIOException.class);

        upstream.resumeListening();
        try (RawClient client = RawClient.connect(port)) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void carriesLargeBodiesBothWaysWithTheRightChecksum() {
        long size = 48L << 20;
        try (RawClient client = client(script -> {
            script.keepBodies(0);
            script.on("/up").sink();
            script.on("/down").answer(Answer.status(200).payload(size));
        })) {
            client.send("PUT /up HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n")
                    .sendPayload(size);
            Fields up = client.readResponse().headers();
            Body down = client.send("GET /down HTTP/1.1\r\nHost: a\r\n\r\n")
                    .readResponse()
                    .body();

            String expected = Long.toHexString(Payload.crc32c(size));
            assertThat(up.first("x-body-crc32c")).contains(expected);
            assertThat(up.first("x-body-length")).contains(Long.toString(size));
            assertThat(Long.toHexString(down.crc32c())).isEqualTo(expected);
            assertThat(down.length()).isEqualTo(size);
            assertThat(upstream.requests().get(0).body().isKeptWhole()).isFalse();
        }
    }

    @Test
    void flagsPipelinedRequests() {
        try (RawClient client = client(script -> script.onAny().answer(200))) {
            client.send(GET + GET);
            client.readResponse();
            client.readResponse();

            assertThat(upstream.requests())
                    .extracting(RecordedRequest::isPipelined)
                    .containsExactly(false, true);
            assertThat(upstream.violations()).hasSize(1);
        }
    }

    @Test
    void flagsBytesThatComeBeforeAnUpgradeIsGranted() {
        try (RawClient client = client(script -> script.onAny().stall().upgrade("chat"))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\ntoo early");
            upstream.awaitRequest();
            upstream.release();
            client.readResponse();

            assertThat(upstream.violations()).hasSize(1);
        }
    }

    @Test
    void doesNotFlagAFastClientThatWaitsForItsResponses() {
        try (RawClient client =
                client(script -> script.onAny().answer(Answer.status(200).body("x".repeat(20_000))))) {
            for (int i = 0; i < 500; i++) {
                client.send(GET).readResponse();
            }

            assertThat(upstream.violations()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"
            })
    void reportsMalformedRequests(String bytes) {
        try (RawClient client = client(script -> script.onAny().answer(200))) {
            client.send(bytes);

            assertThat(client.readResponse().status()).isEqualTo(400);
            client.halfClose().expectClose();
            assertThat(upstream.violations()).singleElement().asString().startsWith("malformed request");
        }
    }

    @Test
    void marksARequestWhoseBodyNeverEndsAsTruncated() {
        try (RawClient client = client(script -> script.onAny().answer(200))) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
                    .abort();

            RecordedRequest request = upstream.awaitRequest();
            upstream.awaitConnections(connections -> connections.open() == 0);
            assertThat(request.state()).isEqualTo(RecordedRequest.State.TRUNCATED);
        }
    }

    @Test
    void countsConnections() {
        try (RawClient first = client(script -> script.onAny().answer(200));
                RawClient second = RawClient.connect(upstream.port())) {
            upstream.awaitConnections(connections -> connections.open() == 2);
            first.abort();

            var after = upstream.awaitConnections(connections -> connections.open() == 1);
            assertThat(after.accepted()).isEqualTo(2);
            assertThat(after.closed()).isEqualTo(1);
            assertThat(second.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void breaksIdleConnectionsOnDemand() {
        try (RawClient first = client(script -> script.onAny().answer(200));
                RawClient second = RawClient.connect(upstream.port())) {
            upstream.awaitConnections(connections -> connections.open() == 2);
            first.send(GET).readResponse();
            upstream.resetConnections();

            assertThat(first.expectClose()).isEqualTo(RawClient.Closure.RESET);
            assertThat(second.expectClose()).isEqualTo(RawClient.Closure.RESET);
        }
    }

    @Test
    void reportsAStepThatThrows() {
        try (RawClient client = client(script -> script.onAny().perform(exchange -> {
            throw new IllegalStateException("step");
        }))) {
            assertThat(client.send(GET).expectClose()).isEqualTo(RawClient.Closure.RESET);
            assertThat(upstream.violations()).singleElement().asString().contains("step");
        }
    }

    @Test
    void servesOverTlsAndRecordsTheHandshake() {
        TestCertificates authority = TestCertificates.create();
        ServerTls server = ServerTls.with(authority.server("a.test")).alpn("http/1.1");
        upstream.close();
        upstream = ScriptedUpstream.start(script -> script.tls(server).onAny().answer(200));
        ClientTls tls = ClientTls.trusting(authority).serverName("a.test").alpn("h2", "http/1.1");
        try (RawClient client = RawClient.connect(upstream.port(), tls)) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);

            TlsFacts seen = upstream.awaitRequest().tls().orElseThrow();
            assertThat(seen.serverName()).contains("a.test");
            assertThat(seen.applicationProtocol()).contains("http/1.1");
            assertThat(client.tls().orElseThrow().peerSubject()).contains("CN=a.test");
        }
    }

    @Test
    void keepsLittleOfTheBodiesThatComeAfterAThousand() {
        try (RawClient client = client(script -> script.onAny().answer(200))) {
            String request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(2000);
            for (int i = 0; i < 1001; i++) {
                client.send(request).readResponse();
            }

            assertThat(upstream.requestCount()).isEqualTo(1001);
            assertThat(upstream.requests().get(999).body().isKeptWhole()).isTrue();
            assertThat(upstream.requests().get(1000).body().bytes()).hasSize(1024);
            assertThat(upstream.requests().get(1000).body().length()).isEqualTo(2000);
        }
    }
}
