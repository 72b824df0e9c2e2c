package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server connection does not take, and how it says so. */
class RequestRefusalTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\n";

    private final EmbeddedServer server = new EmbeddedServer();
    private final EmbeddedPeer client = server.client();
    private final Received received = server.received();

    @AfterEach
    void nothingIsLost() {
        server.close();
    }

    private ProxyException refusalOf(String request) {
        received.onEach(each -> each.answer(400, "no"));
        client.send(request);
        assertThat(received.count()).as("requests and refusals").isOne();
        assertThat(client.received()).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("connection: close\r\n");
        assertThat(client.isOpen()).as("connection is open").isFalse();
        return received.last().refusal().orElseThrow(() -> new AssertionError("taken: " + request));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 0",
                "Content-Length: 3\r\nContent-Length: 3",
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 3, 3",
                "Content-Length: +3",
                "Content-Length: -3",
                "Content-Length: 0x3",
                "Content-Length: 3 3",
                "Content-Length: ",
                "Content-Length: 3a",
                "Content-Length: 3.0",
                "Content-Length: 9223372036854775808",
                "Content-Length: 18446744073709551619",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: gzip, chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: , chunked",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: gzip,, chunked",
                "Transfer-Encoding: ",
            })
    void refusesAmbiguousFraming(String fields) {
        assertThat(refusalOf(HEAD + fields + "\r\n\r\n").kind()).isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "x, y,chunked", "gzip\r\nTransfer-Encoding: chunked", "identity, chunked"})
    void doesNotImplementOtherTransferCodings(String codings) {
        assertThat(refusalOf(HEAD + "Transfer-Encoding: " + codings + "\r\n\r\n")
                        .kind())
                .isEqualTo(Kind.NOT_IMPLEMENTED);
    }

    @Test
    void refusesTransferEncodingInHttp10() {
        assertThat(refusalOf("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .kind())
                .isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y\r\n folded",
                "X: y\r\n\tfolded",
                " X: y",
                "\tX: y",
                "X : y",
                "X\t: y",
                ": y",
                " : y",
                "X",
                "X y",
                "X(: y",
                "X,Y: z",
                "\"X\": y",
                "X\u0080: y",
                "X: y\rz",
                "X: y\r\r",
                "X: \ry",
                "X: a\nY: b",
                "X: a\n\n",
                "X: a\u0000b",
                "X: a\u0001b",
                "X: a\u000bb",
                "X: a\u001fb",
                "X: a\u007fb",
                "X\u0000: b",
                "\u0000X: b",
                "\u000bX: b",
                "X\r: b",
            })
    void refusesWhatIsNoFieldLine(String line) {
        assertThat(refusalOf(HEAD + line + "\r\n\r\n").kind()).isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET  / HTTP/1.1",
                "GET /  HTTP/1.1",
                " GET / HTTP/1.1",
                "GET / HTTP/1.1 ",
                "GET\t/ HTTP/1.1",
                "GET /\tHTTP/1.1",
                "GET /",
                "GET",
                "GET / ",
                "GET / http/1.1",
                "GET / HTTP/1.",
                "GET / HTTP/1",
                "GET / HTTP/1.10",
                "GET / HTTP/01.1",
                "GET / HTTP/1,1",
                "GET / HTPP/1.1",
                "GET / HTTP/1.1\u0000",
                "GE(T / HTTP/1.1",
                "G\u0000ET / HTTP/1.1",
                "\u0000GET / HTTP/1.1",
                "\u0016\u0003\u0001 / HTTP/1.1",
                "GET /a#b HTTP/1.1",
                "GET /a\u0000b HTTP/1.1",
                "GET /a\u007fb HTTP/1.1",
                "GET /\u00e4 HTTP/1.1",
                "GET /a\rb HTTP/1.1",
                "GET path HTTP/1.1",
                "GET a:80 HTTP/1.1",
                "GET * HTTP/1.1",
                "OPTIONS ** HTTP/1.1",
                "GET ?q HTTP/1.1",
                "GET ftp://a/ HTTP/1.1",
                "GET http:/a/ HTTP/1.1",
                "GET http:///p HTTP/1.1",
                "GET http://u@a/ HTTP/1.1",
                "GET http://b/ HTTP/1.1",
                "GET http://a:81/ HTTP/1.1",
                "CONNECT / HTTP/1.1",
                "CONNECT a HTTP/1.1",
                "CONNECT http://a/ HTTP/1.1",
                "CONNECT b:80 HTTP/1.1",
                "\r\n\r\nGET / HTTP/1.1",
                "\nGET / HTTP/1.1",
                "\rGET / HTTP/1.1",
                "GET / HTTP/1.1\r",
            })
    void refusesWhatIsNoRequestLine(String line) {
        assertThat(refusalOf(line + "\r\nHost: a\r\n\r\n").kind()).isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @Test
    void refusesARequestLineThatEndsWithABareLineFeed() {
        assertThat(refusalOf("GET / HTTP/1.1\nHost: a\r\n\r\n").kind()).isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTP/0.9"})
    void doesNotSpeakOtherVersions(String version) {
        assertThat(refusalOf("GET / " + version + "\r\nHost: a\r\n\r\n").kind()).isEqualTo(Kind.VERSION_NOT_SUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: a\r\nHost: a\r\n",
                "Host: a\r\nHost: b\r\n",
                "Host: \r\n",
                "Host: a b\r\n",
                "Host: u@a\r\n",
                "Host: a/b\r\n",
                "Host: a?b\r\n",
                "Host: a#b\r\n",
                "Host: a\\b\r\n",
                "Host: a,b\r\n",
                "Host: a:\r\n",
                "Host: a:0\r\n",
                "Host: a:65536\r\n",
                "Host: a:+80\r\n",
                "Host: a:8x\r\n",
                "Host: a:80:80\r\n",
                "Host: :80\r\n",
                "Host: [::1\r\n",
                "Host: [::1]x\r\n",
                "Host: [::1]:\r\n",
                "Host: [g::1]\r\n",
                "Host: [fe80::1%25eth0]\r\n",
                "Host: ::1\r\n",
                "Host: http://a\r\n",
                "Host: \u00e4\r\n",
            })
    void refusesWhatIsNoHost(String host) {
        assertThat(refusalOf("GET / HTTP/1.1\r\n" + host + "\r\n").kind()).isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"200-ok", "100-continue, x", "100-continue\r\nExpect: 100-continue", ""})
    void failsOtherExpectations(String expectation) {
        assertThat(refusalOf(HEAD + "Content-Length: 1\r\nExpect: " + expectation + "\r\n\r\n")
                        .kind())
                .isEqualTo(Kind.EXPECTATION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Key: k\r\nContent-Length: 1\r\n",
                "Sec-WebSocket-Key: k\r\nTransfer-Encoding: chunked\r\n",
                "",
                "Sec-WebSocket-Key: k\r\nSec-WebSocket-Key: k\r\n",
            })
    void refusesAnUpgradeThatIsNone(String fields) {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n" + fields + "\r\n";
        assertThat(refusalOf(request).kind()).isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1\r\n", "Transfer-Encoding: chunked\r\n"})
    void refusesConnectWithABody(String field) {
        assertThat(refusalOf("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n" + field + "\r\n")
                        .kind())
                .isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @Test
    void saysWhatItUnderstoodOfARefusedRequest() {
        refusalOf("DELETE /there HTTP/1.1\r\nX: y\r\n\r\n");

        RequestHead head = received.last().request();
        assertThat(head.method().name()).isEqualTo("DELETE");
        assertThat(head.target()).isEqualTo("/there");
        assertThat(head.fields().value("x")).hasValue("y");
    }

    @Test
    void saysWhatItSawAndWhatItExpected() {
        assertThat(refusalOf(HEAD + "Content-Length: 3, 3\r\n\r\n"))
                .hasMessage("content-length: [3, 3] (expected: one number of at most 18 digits)");
    }

    @Test
    void readsNothingAfterARefusal() {
        refusalOf("GET / HTTP/1.1\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(received.count()).isOne();
    }

    @Test
    void answersARefusedHeadRequestWithoutABody() {
        received.onEach(each -> each.answer(400, "no"));

        client.send("HEAD / HTTP/1.1\r\n\r\n");

        assertThat(client.received())
                .isEqualTo("HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\nconnection: close\r\n\r\n");
    }

    // ---- Limits, at the limit and one past it.

    private static EmbeddedServer with(Http1Limits.Head head) {
        return new EmbeddedServer(Http1Limits.defaults().withHead(head));
    }

    @Test
    void takesARequestLineAtTheLimitAndNoneLonger() {
        String line = "GET /12345 HTTP/1.1";
        Http1Limits.Head limit = new Http1Limits.Head(line.length(), 100, 1000);
        try (EmbeddedServer limited = with(limit)) {
            limited.client().send(line + "\r\nHost: a\r\n\r\n");
            assertThat(limited.received().last().refusal()).isEmpty();
        }
        try (EmbeddedServer limited = with(limit)) {
            limited.client().send("GET /123456 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(limited.received().last().refusal().orElseThrow().kind()).isEqualTo(Kind.TARGET_TOO_LONG);
        }
    }

    @Test
    void takesAsManyFieldsAsAllowedAndNoMore() {
        Http1Limits.Head limit = new Http1Limits.Head(100, 3, 1000);
        try (EmbeddedServer limited = with(limit)) {
            limited.client().send("GET / HTTP/1.1\r\nHost: a\r\nb: c\r\nd:\r\n\r\n");
            assertThat(limited.received().last().refusal()).isEmpty();
        }
        try (EmbeddedServer limited = with(limit)) {
            limited.client().send("GET / HTTP/1.1\r\nHost: a\r\nb: c\r\nd:\r\ne:\r\n\r\n");
            assertThat(limited.received().last().refusal().orElseThrow().kind()).isEqualTo(Kind.HEADERS_TOO_LARGE);
        }
    }

    @Test
    void takesAFieldSectionAtTheLimitAndNoneLarger() {
        String fields = "Host: a\r\nb: 12345\r\n";
        Http1Limits.Head limit = new Http1Limits.Head(100, 100, fields.length());
        try (EmbeddedServer limited = with(limit)) {
            limited.client().send("GET / HTTP/1.1\r\n" + fields + "\r\n");
            assertThat(limited.received().last().refusal()).isEmpty();
        }
        try (EmbeddedServer limited = with(limit)) {
            limited.client().send("GET / HTTP/1.1\r\nHost: a\r\nb: 123456\r\n\r\n");
            assertThat(limited.received().last().refusal().orElseThrow().kind()).isEqualTo(Kind.HEADERS_TOO_LARGE);
        }
    }

    @Test
    void refusesAnEndlessFieldAtTheLimit() {
        try (EmbeddedServer limited = with(new Http1Limits.Head(100, 100, 1000))) {
            limited.client().send("GET / HTTP/1.1\r\nHost: a\r\nb: " + "x".repeat(2000));
            assertThat(limited.received().last().refusal().orElseThrow().kind()).isEqualTo(Kind.HEADERS_TOO_LARGE);
        }
    }

    @Test
    void takesABodyAtTheLimitAndRefusesOneThatSaysItIsLarger() {
        Http1Limits limit =
                Http1Limits.defaults().withBody(Http1Limits.Body.defaults().withMaxOctets(5));
        try (EmbeddedServer limited = new EmbeddedServer(limit)) {
            limited.client().send(HEAD + "Content-Length: 5\r\n\r\nhello");
            assertThat(limited.received().last().body()).isEqualTo("hello");
        }
        try (EmbeddedServer limited = new EmbeddedServer(limit)) {
            limited.client().send(HEAD + "Content-Length: 6\r\n\r\nhello!");
            assertThat(limited.received().last().refusal().orElseThrow().kind()).isEqualTo(Kind.BODY_TOO_LARGE);
        }
    }

    @Test
    void failsAChunkedBodyThatGrowsPastTheLimitAndStillAnswers() {
        Http1Limits limit =
                Http1Limits.defaults().withBody(Http1Limits.Body.defaults().withMaxOctets(5));
        try (EmbeddedServer limited = new EmbeddedServer(limit)) {
            limited.client().send(HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            assertThat(limited.received().last().failure()).isEmpty();

            limited.client().send("1\r\n!");
            Received.Request request = limited.received().last();
            assertThat(request.failure().orElseThrow().kind()).isEqualTo(Kind.BODY_TOO_LARGE);
            request.answer(413, "no");

            assertThat(limited.client().received()).startsWith("HTTP/1.1 413 Content Too Large\r\n");
            assertThat(limited.client().isOpen()).isFalse();
        }
    }

    @Test
    void checksLimitsWhenTheyAreMade() {
        assertThatThrownBy(() -> new Http1Limits.Head(0, 1, 1)).hasMessage("maxLine: 0 (expected: >= 1)");
        assertThatThrownBy(() -> Http1Limits.Times.defaults().withIdle(Duration.ZERO))
                .hasMessage("idle: 0 (expected: >= 1)");
    }
}
