package io.lb4j.internal.codec.http1;

import static io.lb4j.internal.codec.http1.Lines.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.error.Kind;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.Version;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http1ClientConnectionTest {
    private static final String EMPTY_RESPONSE = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    private final EmbeddedClient client = new EmbeddedClient();
    private final EmbeddedPeer endpoint = client.endpoint();
    private final Http1ClientConnection connection = client.connection();
    private final Heard heard = new Heard();

    @AfterEach
    void nothingIsLost() {
        client.close();
    }

    @Test
    void writesHostFirstAndLeavesOutWhatSpeaksOfTheOtherConnection() {
        RequestHead head = EmbeddedClient.head(Method.GET, "/path?q");
        head.fields()
                .add("accept", "*/*")
                .add("connection", "close")
                .add("keep-alive", "3")
                .add("host", "b");

        connection.open(heard).writeHead(head, true);

        assertThat(endpoint.received()).isEqualTo(crlf("""
            GET /path?q HTTP/1.1
            host: a
            accept: */*

            """));
    }

    @Test
    void declaresAnEmptyBodyOnlyWhereOneIsExpected() {
        connection.open(heard).writeHead(EmbeddedClient.head(Method.POST, "/"), true);

        assertThat(endpoint.take()).isEqualTo("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n");

        endpoint.send(EMPTY_RESPONSE);
        connection.open(new Heard()).writeHead(EmbeddedClient.head(Method.DELETE, "/"), true);

        assertThat(endpoint.take()).isEqualTo("DELETE / HTTP/1.1\r\nhost: a\r\n\r\n");
    }

    @Test
    void framesABodyByItsDeclaredLength() {
        RequestHead head = EmbeddedClient.head(Method.POST, "/");
        head.fields().add("content-length", "5");
        ClientStream stream = connection.open(heard);

        stream.writeHead(head, false);
        stream.writeData(endpoint.buffer("hel"), false);
        stream.writeData(endpoint.buffer("lo"), true);

        assertThat(endpoint.received()).isEqualTo("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello");
    }

    @Test
    void framesABodyOfUnknownLengthInChunksWithTrailers() {
        ClientStream stream = connection.open(heard);

        stream.writeHead(EmbeddedClient.head(Method.POST, "/"), false);
        stream.writeData(endpoint.buffer("hello"), false);
        stream.writeTrailers(new Fields().add("x-sum", "1").add("host", "evil"));

        assertThat(endpoint.received()).isEqualTo(crlf("""
            POST / HTTP/1.1
            host: a
            transfer-encoding: chunked

            5
            hello
            0
            x-sum: 1

            """));
    }

    /** HTTP/2 and HTTP/3 send both; by HTTP/1.1 only chunks carry trailers. */
    @Test
    void framesABodyOfKnownLengthInChunksWhereTrailersAreAnnounced() {
        RequestHead head = EmbeddedClient.head(Method.POST, "/");
        head.fields().add("content-length", "5").add("trailer", "x-sum");
        ClientStream stream = connection.open(heard);

        stream.writeHead(head, false);
        stream.writeData(endpoint.buffer("hello"), false);
        stream.writeTrailers(new Fields().add("x-sum", "1"));

        assertThat(endpoint.received()).isEqualTo(crlf("""
            POST / HTTP/1.1
            host: a
            trailer: x-sum
            transfer-encoding: chunked

            5
            hello
            0
            x-sum: 1

            """));
        assertThat(head.fields().contains(FieldName.CONTENT_LENGTH)).isTrue();
    }

    @Test
    void namesTeInConnection() {
        RequestHead head = EmbeddedClient.head(Method.GET, "/");
        head.fields().add("te", "trailers");

        connection.open(heard).writeHead(head, true);

        assertThat(endpoint.received())
                .isEqualTo("GET / HTTP/1.1\r\nhost: a\r\nte: trailers\r\nconnection: te\r\n\r\n");
    }

    @Test
    void deliversABodyOfKnownLengthAndIsFreeAgain() {
        client.get(heard);
        assertThat(connection.capacity()).isZero();
        assertThat(connection.activeStreams()).isOne();

        endpoint.send("HTTP/1.1 201 Made\r\nContent-Length: 5\r\nX: y\r\n\r\nhel");
        assertThat(client.events().calls()).isEmpty();
        endpoint.send("lo");

        assertThat(heard.head().status()).isEqualTo(201);
        assertThat(heard.head().version()).isEqualTo(Version.HTTP_1_1);
        assertThat(heard.head().fields().toString()).isEqualTo("content-length: 5\nx: y\n");
        assertThat(heard.body()).isEqualTo("hello");
        assertThat(heard.isEnded()).isTrue();
        assertThat(client.events().calls()).containsExactly("capacity 1");
    }

    @Test
    void deliversAChunkedBodyWithTrailers() {
        client.get(heard);

        endpoint.sendSlowly(crlf("""
            HTTP/1.1 200 OK
            Transfer-Encoding: chunked

            5
            hello
            0
            X-Sum: 1

            """));

        assertThat(heard.body()).isEqualTo("hello");
        assertThat(heard.trailers().orElseThrow().toString()).isEqualTo("x-sum: 1\n");
        assertThat(heard.head().fields().isEmpty()).isTrue();
        assertThat(connection.capacity()).isOne();
    }

    @Test
    void deliversInformationalHeadsBeforeTheFinalOne() {
        client.get(heard);

        endpoint.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + EMPTY_RESPONSE);

        assertThat(heard.informational()).extracting(head -> head.status()).containsExactly(100, 103);
        assertThat(heard.informational().get(1).fields().value("link")).hasValue("<x>");
        assertThat(heard.head().status()).isEqualTo(200);
        assertThat(heard.isEnded()).isTrue();
    }

    @Test
    void takes32InformationalHeadsAndNoMore() {
        client.get(heard);
        endpoint.send("HTTP/1.1 102 Processing\r\n\r\n".repeat(32));
        assertThat(heard.failure()).isEmpty();

        endpoint.send("HTTP/1.1 102 Processing\r\n\r\n");

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
        assertThat(heard.informational()).hasSize(32);
    }

    @Test
    void keepsTheLengthInTheResponseToHead() {
        connection.open(heard).writeHead(EmbeddedClient.head(Method.HEAD, "/"), true);
        endpoint.turn();

        endpoint.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");

        assertThat(heard.head().fields().value(FieldName.CONTENT_LENGTH)).hasValue("5");
        assertThat(heard.isEnded()).isTrue();
        assertThat(connection.capacity()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void knowsWhichStatusesHaveNoBody(String status) {
        client.get(heard);

        endpoint.send("HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\n");

        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.head().fields().contains(FieldName.CONTENT_LENGTH)).isEqualTo(status.startsWith("304"));
        assertThat(connection.capacity()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
            })
    void isNotUsedAgainWhenTheEndpointSaysSo(String response) {
        client.get(heard);

        endpoint.send(response);

        assertThat(heard.isEnded()).isTrue();
        assertThat(client.events().calls()).containsExactly("draining", "closed");
        assertThat(endpoint.isOpen()).isFalse();
    }

    @Test
    void isUsedAgainWhenAnEndpointOfHttp10WantsIt() {
        client.get(heard);

        endpoint.send("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n");

        assertThat(heard.head().version()).isEqualTo(Version.HTTP_1_0);
        assertThat(connection.capacity()).isOne();
    }

    @Test
    void isNotUsedAgainWhenTheResponseEndsBeforeTheRequest() {
        ClientStream stream = connection.open(heard);
        stream.writeHead(EmbeddedClient.head(Method.POST, "/"), false);
        endpoint.turn();

        endpoint.send(EMPTY_RESPONSE);
        stream.writeData(endpoint.buffer("late"), true);

        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.failure()).isEmpty();
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(endpoint.received()).doesNotContain("late");
    }

    @Test
    void goesOnWithTheRequestWhileTheResponseIsUnderWay() {
        ClientStream stream = connection.open(heard);
        stream.writeHead(EmbeddedClient.head(Method.POST, "/"), false);
        endpoint.turn();

        endpoint.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        stream.writeData(endpoint.buffer("x"), true);
        endpoint.turn();
        endpoint.send("lo");

        assertThat(endpoint.received()).endsWith("1\r\nx\r\n0\r\n\r\n");
        assertThat(heard.body()).isEqualTo("hello");
        assertThat(connection.capacity()).isOne();
    }

    @Test
    void takesOneStreamOnly() {
        client.get(heard);

        assertThatThrownBy(() -> connection.open(new Heard()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("capacity: 0 (expected: 1)");
    }

    @Test
    void deliversNothingWhilePausedAndTheRestAfterwards() {
        ClientStream stream = client.get(heard);
        stream.pauseReading();
        endpoint.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(heard.hasHead()).isTrue();
        assertThat(heard.body()).isEmpty();
        assertThat(endpoint.channel().config().isAutoRead()).isFalse();

        stream.resumeReading();

        assertThat(heard.body()).isEqualTo("hello");
        assertThat(heard.isEnded()).isTrue();
        assertThat(endpoint.channel().config().isAutoRead()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void neverSendsMoreOrLessThanDeclared(int sent) {
        RequestHead head = EmbeddedClient.head(Method.POST, "/");
        head.fields().add("content-length", "5");
        ClientStream stream = connection.open(heard);
        stream.writeHead(head, false);

        stream.writeData(endpoint.buffer("x".repeat(sent)), true);

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.INTERNAL_FAULT);
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(endpoint.received()).doesNotContain("x");
    }

    @Test
    void passesLargePiecesOnUncopied() {
        ClientStream stream = connection.open(heard);
        stream.writeHead(EmbeddedClient.head(Method.PUT, "/"), false);
        var piece = endpoint.buffer("y".repeat(4096));
        stream.writeData(piece, false);
        assertThat(piece.refCnt()).isOne();
        stream.writeData(Unpooled.EMPTY_BUFFER, true);

        assertThat(endpoint.received()).endsWith("1000\r\n" + "y".repeat(4096) + "\r\n0\r\n\r\n");
    }
}
