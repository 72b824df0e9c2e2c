package io.lb4j.internal.codec.http1;

import static io.lb4j.internal.codec.http1.Lines.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.error.Kind;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server connection frames responses, and when it stays. */
class ServerResponseTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final EmbeddedServer server = new EmbeddedServer();
    private final EmbeddedPeer client = server.client();
    private final Received received = server.received();

    @AfterEach
    void nothingIsLost() {
        server.close();
    }

    private static ResponseHead head(int status) {
        return new ResponseHead().status(status);
    }

    private static ResponseHead headWithLength(String length) {
        ResponseHead head = new ResponseHead();
        head.fields().add("content-length", length);
        return head;
    }

    @Test
    void saysThatABodyIsEmptyWhereOneMayBe() {
        received.onEach(request -> request.stream().writeHead(head(404), true));

        client.send(GET);

        assertThat(client.received()).isEqualTo("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void keepsTheLengthAndDropsTheBodyOfAResponseToHead() {
        received.onEach(request -> request.answer(200, "hello"));

        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
        assertThat(client.isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"204, HTTP/1.1 204 No Content", "304, HTTP/1.1 304 Not Modified"})
    void dropsABodyThatTheStatusForbids(int status, String line) {
        received.onEach(request -> {
            request.stream().writeHead(head(status), false);
            request.stream().writeData(client.buffer("hello"), true);
        });

        client.send(GET);

        assertThat(client.received()).isEqualTo(line + "\r\n\r\n");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void keepsTheLengthOf304AndNotThatOf204() {
        received.onEach(request -> request.answer(304, "hello"));
        client.send(GET);
        assertThat(client.take()).isEqualTo("HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n");

        received.onEach(request -> request.answer(204, "hello"));
        client.send(GET);
        assertThat(client.take()).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
    }

    @Test
    void writesStatusesThatHaveNoPhrase() {
        received.onEach(request -> request.stream().writeHead(head(299), true));
        client.send(GET);
        received.onEach(request -> request.stream().writeHead(head(999), true));
        client.send(GET);

        assertThat(client.received()).contains("HTTP/1.1 299 \r\n").contains("HTTP/1.1 999 \r\n");
    }

    @Test
    void leavesOutWhatSpeaksOfTheOtherConnection() {
        received.onEach(request -> {
            ResponseHead head = headWithLength("0");
            head.fields()
                    .add("Connection", "close")
                    .add("Transfer-Encoding", "chunked")
                    .add("Keep-Alive", "timeout=5");
            request.stream().writeHead(head, true);
        });

        client.send(GET);

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    }

    @Test
    void addsADateWhereThereIsNone() {
        received.onEach(request -> request.answer(200, "x"));
        client.send(GET);
        client.turn();

        assertThat(client.raw())
                .containsPattern(
                        "\r\ndate: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n");

        received.onEach(request -> {
            ResponseHead head = headWithLength("0");
            head.fields().add("date", "then");
            request.stream().writeHead(head, true);
        });
        client.take();
        client.send(GET);

        assertThat(client.raw()).containsOnlyOnce("date: ").contains("date: then\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "keep-alive, close", "x ,\tclose "})
    void closesWhenTheClientSaysSo(String option) {
        received.onEach(request -> request.answer(200, "x"));

        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: " + option + "\r\n\r\n");

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void closesAfterAResponseToHttp10() {
        received.onEach(request -> request.answer(200, "x"));

        client.send("GET / HTTP/1.0\r\n\r\n");

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx");
        assertThat(client.isOpen()).isFalse();
        assertThat(received.last().request().authority()).isEmpty();
    }

    @Test
    void staysForHttp10WhereItIsWanted() {
        received.onEach(request -> request.answer(200, "x"));

        client.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");

        assertThat(client.received())
                .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: keep-alive\r\n\r\nx");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void endsABodyOfUnknownLengthForHttp10WithTheConnection() {
        received.onEach(request -> {
            request.stream().writeHead(head(200), false);
            request.stream().writeData(client.buffer("hello"), false);
            request.stream().writeTrailers(new Fields().add("x", "y"));
        });

        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void dropsTrailersOfABodyOfKnownLength() {
        received.onEach(request -> {
            request.stream().writeHead(headWithLength("5"), false);
            request.stream().writeData(client.buffer("hello"), false);
            request.stream().writeTrailers(new Fields().add("x", "y"));
        });

        client.send(GET);

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
        assertThat(client.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hell", "hello!"})
    void neverMakesABodyLookWholeThatIsNot(String body) {
        client.send(GET);
        received.last().stream().writeHead(headWithLength("5"), false);
        client.turn();

        received.last().stream().writeData(client.buffer(body), true);

        assertThat(client.received()).doesNotContain("hell");
        assertThat(client.isOpen()).isFalse();
        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.INTERNAL_FAULT);
    }

    @Test
    void cutsTheConnectionWhenTrailersComeTooEarly() {
        client.send(GET);
        received.last().stream().writeHead(headWithLength("5"), false);

        received.last().stream().writeTrailers(new Fields());

        assertThat(client.isOpen()).isFalse();
        assertThat(received.last().failure().orElseThrow())
                .hasMessage("body: ended (expected: 5 more octets as declared)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "x", "-1", ""})
    void cutsTheConnectionWhenTheLengthCannotBe(String length) {
        client.send(GET);

        received.last().stream().writeHead(headWithLength(length), true);

        assertThat(client.received()).isEmpty();
        assertThat(client.isOpen()).isFalse();
        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.INTERNAL_FAULT);
    }

    @Test
    void writesInformationalHeads() {
        client.send(GET);
        ResponseHead hints = head(103);
        hints.fields().add("link", "<x>").add("content-length", "3").add("connection", "x");
        received.last().stream().writeInformational(hints);
        received.last().stream().writeHead(head(200), true);

        assertThat(client.received()).isEqualTo(crlf("""
            HTTP/1.1 103 Early Hints
            link: <x>

            HTTP/1.1 200 OK
            content-length: 0

            """));
    }

    @Test
    void keepsInformationalHeadsFromHttp10() {
        client.send("POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");

        received.last().stream().writeInformational(head(100));

        assertThat(client.received()).isEmpty();
        assertThat(received.last().request().fields().contains(FieldName.EXPECT))
                .isFalse();
    }

    @Test
    void passesTheExpectationOnAndLeavesTheAnswerToTheEndpoint() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n");
        assertThat(client.received()).isEmpty();
        assertThat(received.last().request().fields().value("expect")).hasValue("100-Continue");

        received.last().stream().writeInformational(head(100));
        client.turn();
        client.send("hello");
        received.last().answer(200, "x");

        assertThat(client.received())
                .isEqualTo("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
        assertThat(received.last().body()).isEqualTo("hello");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void takesOneFinalHeadOnly() {
        client.send(GET);
        received.last().stream().writeHead(headWithLength("5"), false);

        assertThatThrownBy(() -> received.last().stream().writeHead(head(200), true))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takesNoBodyBeforeTheHead() {
        client.send(GET);

        assertThatThrownBy(() -> received.last().stream().writeData(client.buffer("x"), true))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ignoresWhatIsWrittenAfterTheEnd() {
        received.onEach(request -> request.answer(200, "x"));
        client.send(GET);
        client.send(GET);
        client.take();

        Received.Request first = received.request(0);
        first.stream().writeHead(head(200), true);
        first.stream().writeInformational(head(103));
        first.stream().writeData(client.buffer("stale"), true);
        first.stream().writeData(Unpooled.EMPTY_BUFFER, true);
        first.stream().writeTrailers(new Fields());
        first.stream().reset(ResetCode.CANCEL);

        assertThat(client.received()).isEmpty();
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void saysOnTheLastResponseThatItIsDraining() {
        client.send(GET);
        server.connection().drain();
        assertThat(client.isOpen()).isTrue();

        received.last().answer(200, "x");

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void drainsAtOnceWhenIdle() {
        received.onEach(request -> request.answer(200, "x"));
        client.send(GET);

        server.connection().drain();
        server.connection().drain();

        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void failsWhatIsUnderWayWhenClosed() {
        client.send(GET);

        server.connection().close();
        server.connection().close();

        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.DRAINED);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void copiesNoLargePiece() {
        client.send(GET);
        received.last().stream().writeHead(head(200), false);
        var piece = client.buffer("y".repeat(2000));
        received.last().stream().writeData(piece, false);

        assertThat(piece.refCnt()).isOne();
        received.last().stream().writeData(Unpooled.EMPTY_BUFFER, true);
        assertThat(client.received()).endsWith("7d0\r\n" + "y".repeat(2000) + "\r\n0\r\n\r\n");
    }
}
