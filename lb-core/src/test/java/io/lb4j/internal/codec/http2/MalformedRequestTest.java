package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are malformed (RFC 9113 §8.1.1): the stream is reset, the refusal recorded, and the connection goes on. */
class MalformedRequestTest {
    private static final String GOOD = ":method=GET|:scheme=http|:authority=a.example|:path=/";

    private final EmbeddedServer server = new EmbeddedServer().greeted();
    private final EmbeddedPeer client = server.client();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":scheme=http|:authority=a.example|:path=/", // no method
                ":method=GET|:authority=a.example|:path=/", // no scheme
                ":method=GET|:scheme=http|:authority=a.example", // no path
                ":method=GET|:scheme=http|:path=/", // no authority
                ":method=GET|:scheme=http|:authority=a.example|:path=", // empty path
                ":method=GET|:scheme=http|:authority=a.example|:path=index.html",
                ":method=GET|:scheme=http|:authority=a.example|:path=*",
                ":method=GET|:scheme=http|:authority=a.example|:path=/a#b",
                ":method=GET|:scheme=http|:authority=a.example|:path=/a b",
                ":method=GET|:scheme=http|:authority=a.example|:path=/a\r\nx: y",
                ":method=GET|:scheme=ftp|:authority=a.example|:path=/",
                ":method=G ET|:scheme=http|:authority=a.example|:path=/",
                ":method=|:scheme=http|:authority=a.example|:path=/",
                ":method=GET|:scheme=http|:authority=user@a.example|:path=/",
                ":method=GET|:scheme=http|:authority=a.example:x|:path=/",
                ":method=GET|:scheme=http|:authority=a.example/b|:path=/",
                ":method=GET|:scheme=http|:authority=[::1|:path=/",
                ":method=GET|:scheme=http|:authority=|:path=/",
                ":method=GET|:method=GET|:scheme=http|:authority=a.example|:path=/",
                ":method=GET|:scheme=http|:authority=a.example|:path=/|:path=/b",
                ":method=GET|:scheme=http|:authority=a.example|accept=*/*|:path=/",
                GOOD + "|:status=200",
                GOOD + "|:unknown=x",
                GOOD + "|:protocol=websocket", // with a method that is not CONNECT
                ":method=CONNECT|:scheme=http|:authority=a.example|:path=/", // plain, with scheme and path
                ":method=CONNECT|:protocol=websocket|:authority=a.example", // extended, without them
                GOOD + "|X-Upper=y",
                GOOD + "|x y=z",
                GOOD + "|=z",
                GOOD + "|x=a\r\nb: c",
                GOOD + "|x=a\u0000b",
                GOOD + "|x=a\u007fb",
                GOOD + "|x= a",
                GOOD + "|x=a\t",
                GOOD + "|connection=close",
                GOOD + "|keep-alive=5",
                GOOD + "|proxy-connection=close",
                GOOD + "|transfer-encoding=chunked",
                GOOD + "|upgrade=websocket",
                GOOD + "|te=gzip",
                GOOD + "|te=trailers, gzip",
                GOOD + "|host=b.example",
                GOOD + "|host=a.example|host=a.example",
                GOOD + "|content-length=1", // with END_STREAM
                GOOD + "|content-length=0|content-length=0",
                GOOD + "|content-length=+0",
                GOOD + "|content-length=0, 0",
                GOOD + "|content-length=1234567890123456789",
                GOOD + "|content-length="
            })
    void isReset(String request) {
        server.send(head(request));
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(server.exchanges()).hasSize(1);
        assertThat(server.exchange(0).refusal()).isNotNull();
        assertThat(server.exchange(0).refusal().kind()).isEqualTo(Kind.MALFORMED_REQUEST);

        server.exchange(0).respond(400, true); // goes nowhere
        server.send(client.frames().get(3, "/next"));
        assertThat(server.exchange(1).refusal()).isNull();
        assertThat(client.received(FrameType.HEADERS, 1)).isEmpty();
        assertThat(client.goAwayCode()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                GOOD + "|host=A.example",
                ":method=GET|:scheme=https|:authority=a.example:443|:path=/?a=b&c",
                ":method=OPTIONS|:scheme=http|:authority=a.example|:path=*",
                ":method=GET|:scheme=http|:authority=[2001:db8::1]:8080|:path=/",
                ":method=GET|:scheme=http|:authority=xn--bcher-kva.example|:path=/%20|x=",
                GOOD + "|x=a\tb",
                GOOD + "|te=trailers",
                GOOD + "|content-length=0",
                ":method=CONNECT|:protocol=websocket|:scheme=https|:authority=a.example|:path=/chat"
            })
    void isNotWhatThisIs(String request) {
        server.send(head(request));
        assertThat(client.resetCode(1)).isNull();
        assertThat(server.exchange(0).refusal()).isNull();
    }

    @Test
    void bodyLongerThanItsContentLengthIsNotDelivered() {
        server.send(client.frames().post(1, "content-length", "3"), Frames.data(1, "four", true));
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(server.exchange(0).heard().isEnded()).isFalse();
        assertThat(server.exchange(0).heard().body()).isEmpty();
        assertThat(server.exchange(0).heard().reason().kind()).isEqualTo(Kind.MALFORMED_REQUEST);
    }

    @Test
    void bodyShorterThanItsContentLengthDoesNotEnd() {
        server.send(
                client.frames().post(1, "content-length", "5"), Frames.data(1, "a", false), Frames.data(1, "bc", true));
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(server.exchange(0).heard().isEnded()).isFalse();
    }

    @Test
    void trailersBehindTooShortABodyDoNotEndIt() {
        server.send(
                client.frames().post(1, "content-length", "5"),
                Frames.data(1, "a", false),
                client.frames().headers(1, true, "x-sum", "1"));
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(server.exchange(0).heard().isEnded()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {":path=/", "connection=close", "X=y", "x=a\nb"})
    void trailersAreJudged(String trailers) {
        server.send(client.frames().post(1), client.frames().headers(1, true, fields(trailers)));
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(server.exchange(0).heard().trailers()).isNull();
    }

    @Test
    void secondHeadWithoutAnEndIsReset() {
        server.send(client.frames().post(1), client.frames().headers(1, false, "x-more", "y"));
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    private static ByteBuf head(String text) {
        int flags = FrameType.FLAG_END_HEADERS | FrameType.FLAG_END_STREAM;
        return Frames.frame(FrameType.HEADERS, flags, 1, Frames.literals(fields(text)));
    }

    private static String[] fields(String text) {
        List<String> fields = new ArrayList<>();
        for (String field : text.split("\\|", -1)) {
            int separator = field.indexOf('=', field.startsWith("=") ? 0 : 1);
            fields.add(field.substring(0, separator));
            fields.add(field.substring(separator + 1));
        }
        return fields.toArray(new String[0]);
    }
}
