package io.lb4j.internal.codec.http1;

import static io.lb4j.internal.codec.http1.Lines.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class Http1ServerConnectionTest {
    private final EmbeddedServer server = new EmbeddedServer();
    private final EmbeddedPeer client = server.client();
    private final Received received = server.received();

    @AfterEach
    void nothingIsLost() {
        server.close();
    }

    @Test
    void deliversARequestWithoutBody() {
        client.send("GET /path?q=1 HTTP/1.1\r\nHost: Example.com:8080\r\nX-Name:  some value \r\n\r\n");

        Received.Request request = received.last();
        assertThat(request.request().method()).isSameAs(Method.GET);
        assertThat(request.request().target()).isEqualTo("/path?q=1");
        assertThat(request.request().authority()).isEqualTo("Example.com:8080");
        assertThat(request.request().scheme()).isEqualTo("http");
        assertThat(request.request().version()).isEqualTo(Version.HTTP_1_1);
        assertThat(request.request().fields().toString()).isEqualTo("x-name: some value\n");
        assertThat(request.isEnded()).isTrue();
    }

    @Test
    void answersAndKeepsTheConnection() {
        received.onEach(request -> request.answer(200, "hello"));

        client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
        client.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(client.take()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello".repeat(2));
        assertThat(received.count()).isEqualTo(2);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void deliversABodyOfKnownLength() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
        client.send("world");

        assertThat(received.last().body()).isEqualTo("helloworld");
        assertThat(received.last().isEnded()).isTrue();
        assertThat(received.last().request().fields().value("content-length")).hasValue("10");
    }

    @Test
    void deliversAChunkedBodyWithTrailers() {
        client.send(crlf("""
            POST / HTTP/1.1
            Host: a
            Transfer-Encoding: chunked

            5
            hello
            5;ext="x"
            world
            0
            X-Sum: 1
            Content-Length: 3

            """));

        Received.Request request = received.last();
        assertThat(request.body()).isEqualTo("helloworld");
        assertThat(request.isEnded()).isTrue();
        assertThat(request.request().fields().contains(FieldName.TRANSFER_ENCODING))
                .isFalse();
        assertThat(request.trailers().orElseThrow().toString()).isEqualTo("x-sum: 1\n");
    }

    @Test
    void deliversTheLastPieceOfAChunkedBodyTogetherWithItsEnd() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        assertThat(received.last().body()).isEqualTo("hello");
        assertThat(received.last().isEnded()).isTrue();
        assertThat(received.last().pieces()).isOne();
    }

    @Test
    void frames1Point1BodiesOfUnknownLengthInChunks() {
        received.onEach(request -> {
            request.stream().writeHead(new ResponseHead(), false);
            request.stream().writeData(client.buffer("hello, world and all"), false);
            Fields trailers = new Fields().add("x-sum", "1").add("content-length", "7");
            request.stream().writeTrailers(trailers);
        });

        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(client.received()).isEqualTo(crlf("""
            HTTP/1.1 200 OK
            transfer-encoding: chunked

            14
            hello, world and all
            0
            x-sum: 1

            """));
    }

    @Test
    void cutsTheConnectionOnReset() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        received.last().stream().writeHead(new ResponseHead(), false);
        received.last().stream().writeData(client.buffer("hello"), false);
        assertThat(client.take()).endsWith("5\r\nhello\r\n");

        received.last().stream().reset(ResetCode.INTERNAL_ERROR);
        received.last().stream().writeData(Unpooled.EMPTY_BUFFER, true);

        assertThat(client.take()).isEmpty();
        assertThat(client.isOpen()).isFalse();
        assertThat(received.last().failure()).isEmpty();
    }

    @Test
    void tellsThatTheClientIsGone() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        client.disconnect();

        assertThat(received.last().failure())
                .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(Kind.CLIENT_GONE));
    }
}
