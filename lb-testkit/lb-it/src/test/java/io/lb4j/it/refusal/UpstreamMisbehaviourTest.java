package io.lb4j.it.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An endpoint that does not keep to HTTP harms its own answers only, and none of them is made to look better than it is. */
final class UpstreamMisbehaviourTest {
    private static final String BAD = "GET /bad HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String GOOD = "GET /good HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String SMUGGLED = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled";

    private ScriptedUpstream upstream;
    private Site site;

    @BeforeEach
    void start() {
        upstream = ScriptedUpstream.start();
        site = Site.before(upstream).start();
    }

    @AfterEach
    void close() {
        site.close();
        upstream.close();
    }

    private void answering(String raw) {
        upstream.rescript(script -> {
            script.on("/bad").raw(raw);
            script.on("HEAD", "/head").raw(raw);
            script.onAny().answer(200, "good");
        });
    }

    /** What an endpoint sends. */
    record Case(String name, String sent) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> malformedHeads() {
        return Stream.of(
                new Case("noise", "\u0000\u0001\u0002noise\r\n\r\n"),
                new Case("HTTP/2", "\u0000\u0000\u0006\u0004\u0000\u0000\u0000\u0000\u0000"),
                new Case("HTTP/2.0 as text", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
                new Case("a status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"),
                new Case(
                        "both lengths",
                        OK + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
                new Case("two lengths", OK + "Content-Length: 0\r\nContent-Length: 70\r\n\r\n" + SMUGGLED),
                new Case("a list of lengths", OK + "Content-Length: 0, 70\r\n\r\n" + SMUGGLED),
                new Case("a length that is none", OK + "Content-Length: x\r\n\r\n"),
                new Case("another coding", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                new Case("chunked not last", OK + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
                new Case("chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                new Case("a folded line", OK + "X: 1\r\n 2\r\nContent-Length: 0\r\n\r\n"),
                new Case("space before the colon", OK + "Content-Length : 0\r\n\r\n"),
                new Case("a bare CR in a value", OK + "X: 1\rSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
                new Case("a bare LF as line end", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"),
                new Case("NUL in a value", OK + "X: \u0000\r\nContent-Length: 0\r\n\r\n"),
                new Case("a head without end", OK + "X: " + "x".repeat(100_000)),
                new Case("too many fields", OK + "X: 1\r\n".repeat(1000) + "\r\n"),
                new Case("a status line without end", "HTTP/1.1 200 " + "x".repeat(100_000)),
                new Case("informational heads without end", "HTTP/1.1 102 Processing\r\n\r\n".repeat(1000)),
                new Case("a switch that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("malformedHeads")
    void aHeadThatIsMalformedBecomesA502AndItsConnectionIsNotUsedAgain(Case malformed) {
        answering(malformed.sent());
        try (RawClient client = site.dial()) {
            RawResponse response = client.send(BAD).readResponse();

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.headers().first("x-lb4j-reason")).contains("malformed_response");
            AccessRecord access = site.nextRecord();
            assertThat(access.response().reason()).contains("malformed_response");
            assertThat(access.upstream().tries()).isOne();
            assertNextIsGoodOnAnotherConnection(client);
        }
    }

    private void assertNextIsGoodOnAnotherConnection(RawClient client) {
        assertThat(client.send(GOOD).readResponse().text()).isEqualTo("good");
        assertThat(upstream.requests()).extracting(RecordedRequest::connection).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /bad", "HEAD /head"})
    void whatFollowsAResponseIsNobodysAnswer(String line) {
        answering(OK + "Content-Length: 0\r\n\r\n" + SMUGGLED);
        try (RawClient client = site.dial()) {
            String method = line.substring(0, line.indexOf(' '));
            assertThat(client.send(line + " HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readResponse(method)
                            .status())
                    .isEqualTo(200);
            assertNextIsGoodOnAnotherConnection(client);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\nContent-Length: 8\r\n\r\nsmuggled",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 8\r\n\r\nsmuggled",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nsmuggled\r\n0\r\n\r\n"
            })
    void aBodyWhereThereIsNoneIsNobodysAnswer(String sent) {
        answering(sent);
        try (RawClient client = site.dial()) {
            RawResponse response = client.send(BAD).readResponse();

            assertThat(response.body().length()).isZero();
            assertNextIsGoodOnAnotherConnection(client);
        }
    }

    @Test
    void aBodyInAnswerToHeadIsNobodysAnswer() {
        answering(OK + "Content-Length: 8\r\n\r\nsmuggled");
        try (RawClient client = site.dial()) {
            RawResponse response =
                    client.send("HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n").readResponse("HEAD");

            assertThat(response.headers().first("content-length")).contains("8");
            assertNextIsGoodOnAnotherConnection(client);
        }
    }

    static Stream<Case> truncatedBodies() {
        return Stream.of(
                new Case("a length not reached", OK + "Content-Length: 100\r\n\r\nhello"),
                new Case("no last chunk", OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
                new Case("a chunk not whole", OK + "Transfer-Encoding: chunked\r\n\r\n9\r\nhello"),
                new Case("trailers not ended", OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: 1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("truncatedBodies")
    void aBodyThatIsCutShortIsCutShortForTheClient(Case truncated) {
        upstream.rescript(script -> script.onAny().raw(truncated.sent()).close());
        assertCutShort("HTTP/1.1");
        assertCutShort("HTTP/1.0");
        assertReset();

        upstream.rescript(script -> script.onAny().raw(truncated.sent()).reset());
        assertCutShort("HTTP/1.1");
        assertCutShort("HTTP/1.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n-1\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX\u0000: 1\r\n\r\n"
            })
    void aBodyThatIsMalformedIsCutShort(String sent) {
        answering(OK + sent);

        assertCutShort("HTTP/1.1");
        assertReset();
    }

    /** What has come reaches the client, and an end that nobody can take for that of the whole. */
    private void assertCutShort(String version) {
        RawResponse response = site.ask("GET /bad " + version + "\r\nHost: a\r\n\r\n");

        if (response.status() == 200) {
            assertThat(response.text()).isEqualTo("hello");
            assertThat(response.wasTruncated()).isTrue();
        } else {
            // The endpoint's reset has overtaken what it had sent.
            assertThat(response.status()).isEqualTo(502);
        }
        assertThat(site.nextRecord().response().reason()).isPresent();
    }

    private void assertReset() {
        try (RawH2Client client = RawH2Client.connect(site.port())) {
            H2Response response = client.awaitResponse(client.open(client.head("GET", "/bad"), true));
            assertThat(response.reset()).as("RST_STREAM").isPresent();
            assertThat(response.isComplete()).isFalse();
        }
        assertThat(site.nextRecord().response().reason()).isPresent();
    }

    @Test
    void aBodyThatEndsWithTheConnectionIsWholeWithFinAndCutShortWithReset() {
        upstream.rescript(script -> {
            script.on("/fin").raw("HTTP/1.0 200 OK\r\n\r\nhello").close();
            script.on("/reset")
                    .answer(Answer.status(200)
                            .untilClose()
                            .body("hello".repeat(1000))
                            .resetAt(3000));
        });
        RawResponse whole = site.ask("GET /fin HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(whole.text()).isEqualTo("hello");
        assertThat(whole.wasTruncated()).isFalse();

        assertThat(site.ask("GET /reset HTTP/1.1\r\nHost: a\r\n\r\n").wasTruncated())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(RawClient.Closure.class)
    void anEndpointThatEndsWithoutAWordBecomesA502(RawClient.Closure end) {
        upstream.rescript(script -> {
            if (end == RawClient.Closure.FIN) {
                script.onAny().close();
            } else {
                script.onAny().reset();
            }
        });

        RawResponse response = site.ask("POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.headers().first("x-lb4j-reason")).contains("upstream_closed");
        assertThat(upstream.requestCount()).isOne();
    }

    @Test
    void anAnswerBeforeTheRequestIsWholeReachesTheClientAndEndsTheConnection() {
        upstream.rescript(script -> {
            script.on("/bad").early().answer(413, "enough");
            script.onAny().answer(200, "good");
        });
        try (RawClient client = site.dial()) {
            RawResponse response = client.send("POST /bad HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegin")
                    .readResponse();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.text()).isEqualTo("enough");
            client.expectClose();
        }
        assertThat(site.ask(GOOD).text()).isEqualTo("good");
        assertThat(upstream.requests()).extracting(RecordedRequest::connection).doesNotHaveDuplicates();
    }
}
