package io.lb4j.it.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ResponseHead;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, bodies, versions and connections keep their meaning on the way through. */
final class MessagesTest {
    private ScriptedUpstream upstream;
    private Site site;
    private RawClient client;

    @BeforeEach
    void start() {
        upstream = ScriptedUpstream.start(script -> script.onAny().echo());
        site = Site.before(upstream).start();
        client = site.dial();
    }

    @AfterEach
    void close() {
        client.close();
        site.close();
        upstream.close();
        assertThat(upstream.violations()).isEmpty();
    }

    private RawResponse exchange(String request) {
        return client.send(request).readResponse();
    }

    private void answering(Answer answer) {
        upstream.rescript(script -> script.onAny().answer(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "OPTIONS", "POST", "PUT", "PATCH", "QUERY", "PROPFIND", "x-own!"})
    void anyMethodMayHaveABodyByLengthOrInChunks(String method) {
        RawResponse byLength = exchange(method + " /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(byLength.headers().first("x-echo-method")).contains(method);
        assertThat(byLength.text()).isEqualTo("hello");

        RawResponse chunked = exchange(method
                + " /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n");
        assertThat(chunked.text()).isEqualTo("hello");
        assertThat(upstream.requests().get(1).headers().first("transfer-encoding"))
                .contains("chunked");
    }

    @Test
    void aRequestWithoutBodyGetsNone() {
        exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

        assertThat(upstream.requests().get(0).headers().contains("content-length"))
                .isFalse();
        assertThat(upstream.requests().get(0).headers().contains("transfer-encoding"))
                .isFalse();
        assertThat(upstream.requests().get(1).headers().all("content-length")).containsExactly("0");
    }

    @Test
    void anAnswerToHeadKeepsItsLengthAndHasNoBody() {
        answering(Answer.status(200).body("hello"));

        RawResponse response = client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse("HEAD");

        assertThat(response.headers().first("content-length")).contains("5");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").text()).isEqualTo("hello");
        assertThat(upstream.connections().accepted()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void statusesWithoutBodyHaveNone(int status) {
        answering(Answer.status(status).header("etag", "\"1\""));

        RawResponse response = exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers().first("etag")).contains("\"1\"");
        assertThat(response.headers().contains("transfer-encoding")).isFalse();
        assertThat(response.connectionClosed()).isFalse();
        assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(status);
        assertThat(upstream.connections().accepted()).isOne();
    }

    @Test
    void a205AndAnErrorAndARedirectPassAsTheyAre() {
        for (int status : new int[] {205, 301, 404, 418, 500, 503, 599}) {
            answering(Answer.status(status).header("location", "/x").body(""));
            RawResponse response = exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.headers().first("location")).contains("/x");
            assertThat(response.headers().contains("x-lb4j-reason")).isFalse();
        }
    }

    @Test
    void trailersPassInBothDirections() {
        answering(Answer.status(200).chunked().body("data").trailer("x-sum", "42"));

        RawResponse response = exchange("POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTrailer: X-Check\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Check: 7\r\n\r\n");

        assertThat(response.trailers().first("x-sum")).contains("42");
        RecordedRequest seen = upstream.awaitRequest().awaitComplete();
        assertThat(seen.trailers().first("x-check")).contains("7");
        assertThat(seen.headers().all("te")).containsExactly("trailers");
        assertThat(seen.headers().first("trailer")).contains("X-Check");
    }

    @Test
    void trailersThatWouldChangeTheMessageAreDropped() {
        exchange("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n"
                + "Content-Length: 9\r\nHost: b\r\nAuthorization: x\r\nX-Forwarded-For: 1.2.3.4\r\nX-Ok: 1\r\n\r\n");

        assertThat(upstream.awaitRequest().awaitComplete().trailers().names()).containsExactly("x-ok");
    }

    @Test
    void aClientOfHttp10GetsWhatItUnderstands() {
        upstream.rescript(script -> script.onAny()
                .inform(103, "link", "</a>")
                .answer(Answer.status(200).chunked().body("hello")));

        RawResponse response = exchange("GET / HTTP/1.0\r\n\r\n");

        assertThat(response.informational()).isEmpty();
        assertThat(response.headers().contains("transfer-encoding")).isFalse();
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.connectionClosed()).isTrue();
        assertThat(upstream.awaitRequest().head().version()).isEqualTo("HTTP/1.1");
    }

    @Test
    void aClientOfHttp10MayKeepItsConnection() {
        answering(Answer.status(200).body("hello"));

        RawResponse response = exchange("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");

        assertThat(response.headers().first("connection")).contains("keep-alive");
        assertThat(exchange("GET / HTTP/1.0\r\nHost: a\r\n\r\n").headers().first("connection"))
                .contains("close");
        client.expectClose();
    }

    @Test
    void anEndpointOfHttp10IsAsGoodAsAnyOther() {
        upstream.rescript(script -> {
            script.on("/length")
                    .raw("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                    .close();
            script.on("/close").raw("HTTP/1.0 200 OK\r\n\r\nhello").close();
            script.on("/keep").raw("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello");
        });
        for (String path : new String[] {"/length", "/close", "/keep", "/keep"}) {
            RawResponse response = exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(response.text()).as(path).isEqualTo("hello");
            assertThat(response.head().version()).isEqualTo("HTTP/1.1");
            assertThat(response.connectionClosed()).isFalse();
        }
        assertThat(upstream.connections().accepted()).isEqualTo(3);
    }

    @Test
    void aResponseWithoutLengthIsSentInChunks() {
        upstream.rescript(
                script -> script.onAny().raw("HTTP/1.1 200 OK\r\n\r\nhello").close());

        RawResponse response = exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(response.headers().first("transfer-encoding")).contains("chunked");
        assertThat(response.text()).isEqualTo("hello");
    }

    @Test
    void theServerAsAWholeCanBeAsked() {
        exchange("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
        exchange("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(upstream.requests()).extracting(RecordedRequest::target).containsExactly("*", "*");
    }

    @Test
    void anAbsoluteTargetIsSentOnAsAPath() {
        exchange("GET http://a.test:8080/x?y HTTP/1.1\r\nHost: a.test:8080\r\n\r\n");

        assertThat(upstream.awaitRequest().target()).isEqualTo("/x?y");
        assertThat(upstream.awaitRequest().headers().all("host")).containsExactly("a.test:8080");
    }

    @Test
    void theWordToSendTheBodyIsTheEndpoints() {
        upstream.rescript(script -> script.onAny().early().stall().inform(100).perform(exchange -> {
            exchange.readBody();
            exchange.answer(Answer.status(201));
        }));
        client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        assertThat(upstream.awaitRequest().headers().first("expect")).contains("100-continue");
        client.expectSilence(Duration.ofMillis(50));

        upstream.release();

        assertThat(client.readHead().status()).isEqualTo(100);
        assertThat(exchange("hello").status()).isEqualTo(201);
        assertThat(upstream.awaitRequest().body().text()).isEqualTo("hello");
    }

    @Test
    void aFinalStatusInPlaceOfTheWordEndsTheConnectionUnlessTheBodyWasSent() {
        upstream.rescript(script -> {
            script.on("/no").early().answer(401, "no");
            script.onAny().answer(200);
        });

        RawResponse response =
                exchange("POST /no HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");

        assertThat(response.informational()).isEmpty();
        assertThat(response.status()).isEqualTo(401);
        // The client may send the body or not: where its next request would begin cannot be told.
        assertThat(response.headers().first("connection")).contains("close");
        client.expectClose();
        assertThat(site.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
        assertThat(upstream.requests()).extracting(RecordedRequest::connection).doesNotHaveDuplicates();
    }

    @Test
    void aBodyThatDoesNotWaitForTheWordIsTaken() {
        RawResponse response =
                exchange("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("hello");
    }

    @Test
    void everyInformationalHeadPassesInItsOrder() {
        upstream.rescript(script -> script.onAny()
                .inform(102)
                .inform(103, "link", "</a.css>")
                .inform(103, "link", "</b.css>")
                .inform(199, "x-own", "1")
                .answer(200, "done"));

        RawResponse response = exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(response.informational()).extracting(ResponseHead::status).containsExactly(102, 103, 103, 199);
        assertThat(response.informational().get(2).fields().first("link")).contains("</b.css>");
        assertThat(response.text()).isEqualTo("done");
    }

    @Test
    void anAnswerThatBeginsEarlyAndTheRestOfTheRequestGoSideBySide() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");

        assertThat(client.readHead().status()).isEqualTo(200);
        assertThat(client.readUntil("first")).isNotEmpty();
        client.send("6\r\nsecond\r\n");
        assertThat(client.readUntil("second")).isNotEmpty();
        client.send("0\r\n\r\n");
        assertThat(client.readUntil("0\r\n\r\n")).isNotEmpty();
        assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
    }

    @Test
    void fieldsKeepTheirOrderAndOctets() {
        exchange("GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nX-B: \u00fc\u00e9\r\nX-A: 2\r\nX-Empty:\r\nX-Tab: a\tb\r\n"
                + "Cookie: a=1\r\nCookie: b=2\r\n\r\n");

        RecordedRequest seen = upstream.awaitRequest();
        assertThat(seen.headers().all("x-a")).containsExactly("1", "2");
        assertThat(seen.headers().all("x-b")).containsExactly("\u00fc\u00e9");
        assertThat(seen.headers().all("x-empty")).containsExactly("");
        assertThat(seen.headers().all("x-tab")).containsExactly("a\tb");
        assertThat(seen.headers().all("cookie")).containsExactly("a=1", "b=2");
    }
}
