package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What two parsers might read differently is refused and the connection closed: no endpoint sees it, nor what comes behind it, while a
 * neighbour's connection goes on.
 */
final class RefusedRequestTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

    private static ScriptedUpstream upstream;
    private static Site site;
    private static RawClient neighbour;

    /** A request and what it is answered. */
    record Case(String name, int status, String request) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() {
        upstream = ScriptedUpstream.start();
        site = Site.before(upstream).start();
        neighbour = site.dial();
    }

    @AfterAll
    static void close() {
        neighbour.close();
        site.close();
        upstream.close();
    }

    @BeforeEach
    void forget() {
        upstream.forget();
    }

    @AfterEach
    void theNeighbourIsServed() {
        assertThat(neighbour.send(GET).readResponse().status()).isEqualTo(200);
        site.nextRecord();
        assertThat(upstream.violations()).isEmpty();
    }

    static Stream<Case> refusedHeads() {
        return Stream.of(
                bad("both lengths", POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad(
                        "both lengths, chunked first",
                        POST + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n"),
                bad("two lengths", POST + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n"),
                bad("the same length twice", POST + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n"),
                bad("a list of lengths", POST + "Content-Length: 0, 0\r\n\r\n"),
                bad("a signed length", POST + "Content-Length: +0\r\n\r\n"),
                bad("a hexadecimal length", POST + "Content-Length: 0x0\r\n\r\n"),
                bad("an empty length", POST + "Content-Length:\r\n\r\n"),
                bad("a length beyond a long", POST + "Content-Length: 18446744073709551616\r\n\r\n"),
                bad("chunked not last", POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                bad(
                        "chunked twice",
                        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                bad("chunked, obfuscated", POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                bad("chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                new Case("gzip, chunked", 501, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                bad("a folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n"),
                bad("space before the colon", POST + "Content-Length : 44\r\n\r\n"),
                bad("a name that is empty", "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n"),
                bad("a bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n"),
                bad("a bare LF as line end", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n"),
                bad("a bare LF as the last line end", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
                bad("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\u0000\r\n\r\n"),
                bad("DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\u007f\r\n\r\n"),
                bad("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\u0000: 1\r\n\r\n"),
                bad("control octets before the method", "\u0001\u0002GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("no Host", "GET / HTTP/1.1\r\n\r\n"),
                bad("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                bad("a Host with more than a host", "GET / HTTP/1.1\r\nHost: a@b/c?#\r\n\r\n"),
                bad("an absolute target that is not the Host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a target with user information", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a path without a slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("NUL in the target", "GET /a\u0000b HTTP/1.1\r\nHost: a\r\n\r\n"),
                bad("no version", "GET /\r\nHost: a\r\n\r\n"),
                bad("two empty lines first", "\r\n\r\n" + GET),
                new Case("HTTP/1.2", 505, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
                new Case("HTTP/2.0 as text", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
                new Case(
                        "thousands of empty fields",
                        431,
                        "GET / HTTP/1.1\r\nHost: a\r\n" + "X:\r\n".repeat(5000) + "\r\n"),
                new Case("another expectation", 417, POST + "Expect: 200-ok\r\nContent-Length: 0\r\n\r\n"),
                bad("an upgrade with a body", upgrade("Content-Length: 4\r\n") + "body"),
                bad("an upgrade with a chunked body", upgrade("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n"),
                bad("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"));
    }

    private static Case bad(String name, String request) {
        return new Case(name, 400, request);
    }

    private static String upgrade(String fields) {
        return "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + fields + "\r\n";
    }

    @ParameterizedTest
    @MethodSource("refusedHeads")
    void isRefusedAndClosedAndNoEndpointSeesWhatComesBehind(Case refused) {
        try (RawClient client = site.dial()) {
            RawResponse response = client.send(refused.request() + SMUGGLED).readResponse();

            assertThat(response.status()).isEqualTo(refused.status());
            assertThat(response.headers().first("x-lb4j-reason")).isPresent();
            assertThat(response.headers().first("connection")).contains("close");
            client.expectClose();
        }
        assertThat(upstream.requests()).isEmpty();
        AccessRecord access = site.nextRecord();
        assertThat(access.response().status()).isEqualTo(refused.status());
        assertThat(access.response().isLocal()).isTrue();
        assertThat(access.response().reason()).isPresent();
        assertThat(access.upstream().tries()).isZero();
    }

    static Stream<Case> refusedBodies() {
        return Stream.of(
                bad("an extension with a bare LF", CHUNKED + "1;a=\"\n\"\r\nx\r\n0\r\n\r\n"),
                bad("a bare LF after the size", CHUNKED + "1\nx\r\n0\r\n\r\n"),
                bad("a bare CR after the size", CHUNKED + "1\rx\r\n0\r\n\r\n"),
                bad("a size that is none", CHUNKED + "x\r\n\r\n"),
                bad("a signed size", CHUNKED + "+1\r\nx\r\n0\r\n\r\n"),
                bad("a size with a prefix", CHUNKED + "0x1\r\nx\r\n0\r\n\r\n"),
                bad("a size with a space before it", CHUNKED + " 1\r\nx\r\n0\r\n\r\n"),
                bad("an empty size", CHUNKED + "\r\nx\r\n0\r\n\r\n"),
                bad("a size beyond a long", CHUNKED + "fffffffffffffffff\r\nx\r\n0\r\n\r\n"),
                bad("data without line end", CHUNKED + "1\r\nxy\r\n0\r\n\r\n"),
                bad("data with a bare LF", CHUNKED + "1\r\nx\n0\r\n\r\n"),
                bad("extensions without end", CHUNKED + "1;" + "a".repeat(20_000) + "\r\nx\r\n0\r\n\r\n"),
                bad("a trailer that is folded", CHUNKED + "0\r\nX: 1\r\n folded\r\n\r\n"),
                bad("a trailer with a control octet", CHUNKED + "0\r\nX: \u0001\r\n\r\n"),
                bad("a trailer with a bare LF", CHUNKED + "0\r\nX: 1\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("refusedBodies")
    void aBodyThatIsMalformedNeverReachesAnEndpointAsAWholeOne(Case refused) {
        try (RawClient client = site.dial()) {
            RawResponse response = client.send(refused.request() + SMUGGLED).readResponse();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.headers().first("connection")).contains("close");
            client.expectClose();
        }
        assertThat(site.nextRecord().response().reason()).contains("malformed_request");
        assertThat(upstream.requests()).hasSizeLessThanOrEqualTo(1).allSatisfy(seen -> {
            assertThat(seen.target()).isEqualTo("/");
            await().until(seen::state, RecordedRequest.State.TRUNCATED::equals);
        });
    }

    @Test
    void stripsChunkExtensions() {
        try (RawClient client = site.dial()) {
            RawResponse response = client.send(CHUNKED + "2;a=b;c=\"d\\\"e\"\r\nhi\r\n0;z\r\n\r\n")
                    .readResponse();

            assertThat(response.status()).isEqualTo(200);
            assertThat(upstream.awaitRequest().awaitComplete().body().text()).isEqualTo("hi");
            assertThat(upstream.awaitRequest().chunkExtensions()).allMatch(String::isEmpty);
            site.nextRecord();
        }
    }

    @Test
    void keepsTheReasonOutOfAnswersWhereItIsToldSo() {
        try (Site silent = Site.before(upstream)
                        .listener(made -> made.reasonHeader(false))
                        .start();
                RawClient client = silent.dial()) {
            RawResponse response = client.send("GET / HTTP/1.1\r\n\r\n").readResponse();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.headers().first("x-lb4j-reason")).isEmpty();
            assertThat(silent.nextRecord().response().reason()).contains("malformed_request");
        }
    }

    @Test
    void saysWhoAnswersWhereItIsToldSo() {
        try (Site named = Site.before(upstream)
                        .listener(made -> made.serverHeader("gate"))
                        .start();
                RawClient client = named.dial()) {
            assertThat(client.send(GET).readResponse().headers().first("server"))
                    .isEmpty();
            assertThat(client.send("GET / HTTP/1.1\r\n\r\n")
                            .readResponse()
                            .headers()
                            .first("server"))
                    .contains("gate");
        }
    }
}
