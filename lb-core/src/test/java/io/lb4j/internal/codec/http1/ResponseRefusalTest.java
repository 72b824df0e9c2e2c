package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Method;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client connection does not take from an endpoint. */
class ResponseRefusalTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final EmbeddedClient client = new EmbeddedClient();
    private final EmbeddedPeer endpoint = client.endpoint();
    private final Heard heard = new Heard();

    @AfterEach
    void nothingIsLost() {
        client.close();
    }

    private ProxyException refusalOf(String response) {
        client.get(heard);
        endpoint.send(response);
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(client.connection().capacity()).isZero();
        assertThat(client.connection().isUsable()).isFalse();
        ProxyException failure = heard.failure().orElseThrow(() -> new AssertionError("taken: " + response));
        assertThat(client.events().calls()).contains("closed");
        assertThat(failure.isUnprocessed()).isFalse();
        return failure;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Content-Length: 3\r\nContent-Length: 3",
                "Content-Length: 3, 3",
                "Content-Length: -3",
                "Content-Length: ",
                "Content-Length: 3x",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "X: y\r\n folded",
                "X : y",
                ": y",
                "X",
                "X: a\u0000b",
                "X: a\rb",
                "X: a\nY: b",
            })
    void refusesMalformedFields(String fields) {
        assertThat(refusalOf(OK + fields + "\r\n\r\n").kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
        assertThat(heard.hasHead()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\nHTTP/1.1 200 OK",
                "HTTP/1.1 99 x",
                "HTTP/1.1 20 OK",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.1 020 OK",
                "HTTP/1.1  200 OK",
                "HTTP/1.1 200\tOK",
                "HTTP/1.1 200 O\u0000K",
                "HTTP/1.1 200 O\rK",
                "HTTP/1.1200 OK",
                "HTTP/1.2 200 OK",
                "HTTP/2.0 200 OK",
                "http/1.1 200 OK",
                "ICY 200 OK",
                "<html>",
                "HTTP/1.1",
            })
    void refusesWhatIsNoStatusLine(String line) {
        assertThat(refusalOf(line + "\r\nContent-Length: 0\r\n\r\n").kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @Test
    void refusesAStatusLineThatEndsWithABareLineFeed() {
        assertThat(refusalOf("HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n").kind())
                .isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @Test
    void refusesTransferEncodingInHttp10() {
        assertThat(refusalOf("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                        .kind())
                .isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @Test
    void refusesMalformedChunksAfterTheHead() {
        assertThat(refusalOf(OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n")
                        .kind())
                .isEqualTo(Kind.MALFORMED_RESPONSE);
        assertThat(heard.body()).isEqualTo("hello");
        assertThat(heard.isEnded()).isFalse();
    }

    @Test
    void refusesASwitchThatNobodyAskedFor() {
        assertThat(refusalOf("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
                        .kind())
                .isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @Test
    void refusesAHeadBeyondTheLimits() {
        Http1Limits limits = Http1Limits.defaults().withHead(new Http1Limits.Head(20, 2, 60));
        for (String response : new String[] {
            "HTTP/1.1 200 " + "x".repeat(8) + "\r\n\r\n",
            OK + "a: b\r\nc: d\r\ne: f\r\n\r\n",
            OK + "a: " + "x".repeat(56) + "\r\n\r\n"
        }) {
            try (EmbeddedClient limited = new EmbeddedClient(limits)) {
                Heard refused = new Heard();
                limited.get(refused);
                limited.endpoint().send(response);
                assertThat(refused.failure().orElseThrow().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 200\r\n", "HTTP/1.1 200 \r\n", "HTTP/1.1 200 \u00e4\t \r\n", "HTTP/1.1 999 x\r\n"})
    void takesEveryReasonPhrase(String line) {
        client.get(heard);

        endpoint.send(line + "Content-Length: 0\r\n\r\n");

        assertThat(heard.failure()).isEmpty();
        assertThat(heard.isEnded()).isTrue();
    }

    @Test
    void takesALengthInTheResponseToHeadForNoBody() {
        client.connection().open(heard).writeHead(EmbeddedClient.head(Method.HEAD, "/"), true);
        endpoint.turn();

        endpoint.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

        assertThat(heard.isEnded()).isTrue();
        assertThat(client.connection().capacity()).isOne();
    }

    @Test
    void poisonsAConnectionOnABodyWhereNoneCanBe() {
        client.get(heard);

        endpoint.send("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.body()).isEmpty();
        assertThat(endpoint.isOpen()).isFalse();
    }
}
