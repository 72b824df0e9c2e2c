package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.Version;
import io.lb4j.internal.codec.http2.Frames.Frame;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConnectionTest {
    private final EmbeddedClient client = new EmbeddedClient();
    private final EmbeddedPeer endpoint = client.endpoint();
    private final Frames frames = client.frames();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void forbidsPush() {
        Frame settings = endpoint.received().get(0);
        assertThat(Octets.int16(settings.payload(), 0)).isEqualTo(PeerSettings.ENABLE_PUSH);
        assertThat(settings.intAt(2)).isZero();
    }

    @Test
    void writesARequest() {
        RequestHead head = EmbeddedClient.head(Method.GET, "/a?b=c");
        head.fields()
                .add("accept", "*/*")
                .add("host", "elsewhere")
                .add("connection", "close")
                .add("te", "gzip");
        client.connection().open(new Heard()).writeHead(head, true);
        Frame frame = endpoint.received(FrameType.HEADERS).get(0);
        assertThat(frame.stream()).isEqualTo(1);
        assertThat(frame.ends()).isTrue();
        assertThat(frames.lines(frame.payload()))
                .containsExactlyInAnyOrder(
                        ":method: GET", ":scheme: http", ":authority: a.example", ":path: /a?b=c", "accept: */*");
    }

    @Test
    void writesABodyAndTrailers() {
        ClientStream stream = client.post(new Heard());
        stream.writeData(Unpooled.copiedBuffer("body", StandardCharsets.US_ASCII), false);
        stream.writeTrailers(new Fields().add("x-sum", "4"));
        assertThat(endpoint.body(1)).isEqualTo("body");
        List<Frame> heads = endpoint.received(FrameType.HEADERS, 1);
        assertThat(frames.lines(heads.get(0).payload())).contains(":method: POST");
        assertThat(frames.lines(heads.get(1).payload())).containsExactly("x-sum: 4");
    }

    @Test
    void takesThirtyTwoInformationalResponsesAndNoMore() {
        client.greeted();
        Heard heard = client.get("/");
        for (int i = 0; i < 32; i++) {
            client.send(frames.headers(1, false, ":status", "103", "link", "</a>"));
        }
        assertThat(heard.informational()).hasSize(32);
        assertThat(heard.failures()).isZero();
        client.send(frames.headers(1, false, ":status", "103", "link", "</a>"));
        assertThat(heard.failures()).isEqualTo(1);
        assertThat(heard.reason().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
        assertThat(endpoint.resetCode(1)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void deliversAResponse() {
        client.greeted();
        Heard heard = client.get("/");
        client.send(
                frames.headers(1, false, ":status", "103", "link", "</a>"),
                frames.headers(1, false, ":status", "200", "content-length", "4", "x", "y"),
                Frames.data(1, "body", false),
                frames.headers(1, true, "x-sum", "4"));
        assertThat(heard.informational()).hasSize(1);
        assertThat(heard.informational().get(0).status()).isEqualTo(103);
        assertThat(heard.response().status()).isEqualTo(200);
        assertThat(heard.response().version()).isEqualTo(Version.HTTP_2);
        assertThat(heard.response().fields().value("x")).contains("y");
        assertThat(heard.body()).isEqualTo("body");
        assertThat(heard.lastFields().value("x-sum")).contains("4");
        assertThat(heard.failures()).isZero();
        assertThat(client.connection().activeStreams()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x=y", // no status
                ":status=2000",
                ":status=20",
                ":status=abc",
                ":status=101",
                ":status=099",
                ":status=200|:status=200",
                "x=y|:status=200",
                ":status=200|:path=/",
                ":status=200|connection=close",
                ":status=200|transfer-encoding=chunked",
                ":status=200|X-Upper=y",
                ":status=200|x=a\nb",
                ":status=200|content-length=x",
                ":status=200|content-length=1|content-length=1",
                ":status=200|content-length=1", // with END_STREAM
                ":status=103" // with END_STREAM
            })
    void failsOnAMalformedResponse(String response) {
        client.greeted();
        Heard heard = client.get("/");
        String[] fields = response.split("[=|]", -1);
        client.send(Frames.frame(
                FrameType.HEADERS, FrameType.FLAG_END_HEADERS | FrameType.FLAG_END_STREAM, 1, Frames.literals(fields)));
        assertThat(heard.failure()).isNotNull();
        assertThat(heard.reason().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
        assertThat(heard.isEnded()).isFalse();
        assertThat(endpoint.resetCode(1)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(client.connection().isUsable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"3, four", "5, four"})
    void doesNotPassABodyOfTheWrongLengthForWhole(int length, String body) {
        client.greeted();
        Heard heard = client.get("/");
        client.send(
                frames.headers(1, false, ":status", "200", "content-length", Integer.toString(length)),
                Frames.data(1, body, true));
        assertThat(heard.isEnded()).isFalse();
        assertThat(heard.reason().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @Test
    void acceptsAContentLengthWithoutABodyOnlyWhereThereIsNone() {
        client.greeted();
        Heard head = new Heard();
        client.connection().open(head).writeHead(EmbeddedClient.head(Method.HEAD, "/"), true);
        Heard notModified = client.get("/");
        client.send(
                frames.headers(1, true, ":status", "200", "content-length", "10"),
                frames.headers(3, true, ":status", "304", "content-length", "10"));
        assertThat(head.isEnded()).isTrue();
        assertThat(notModified.isEnded()).isTrue();
        assertThat(head.failures() + notModified.failures()).isZero();
    }

    @Test
    void refusesABodyWhereThereIsNone() {
        client.greeted();
        Heard heard = client.get("/");
        client.send(frames.headers(1, false, ":status", "204"), Frames.data(1, "body", true));
        assertThat(heard.reason().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @Test
    void refusesDataBeforeTheHead() {
        client.greeted();
        Heard heard = client.get("/");
        client.send(Frames.data(1, "body", true));
        assertThat(heard.reason().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @ParameterizedTest
    @CsvSource({
        "7, UPSTREAM_REFUSED, UNPROCESSED, REFUSED_STREAM",
        "13, UPSTREAM_REFUSED, UNPROCESSED, HTTP_1_1_REQUIRED",
        "8, UPSTREAM_RESET, UNKNOWN, CANCEL",
        "2, UPSTREAM_RESET, UNKNOWN, INTERNAL_ERROR"
    })
    void tellsWhatAResetMeans(int code, Kind kind, Delivery delivery, ResetCode resetCode) {
        client.greeted();
        Heard heard = client.get("/");
        client.send(Frames.reset(1, code));
        assertFailure(heard, kind, delivery);
        assertThat(heard.reason().resetCode()).contains(resetCode);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 7, 13}) // even if it says that nothing was processed: something was
    void tellsOfAResetWithinAResponse(int code) {
        client.greeted();
        Heard heard = client.get("/");
        client.send(frames.headers(1, false, ":status", "200"), Frames.reset(1, code));
        assertFailure(heard, Kind.UPSTREAM_TRUNCATED, Delivery.UNKNOWN);
    }

    @Test
    void takesAResetBehindAWholeResponseAsItsEnd() {
        client.greeted();
        Heard heard = new Heard();
        ClientStream stream = client.post(heard);
        client.send(frames.headers(1, true, ":status", "200"), Frames.reset(1, ErrorCode.NO_ERROR));
        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.failures()).isZero();
        assertThat(client.connection().activeStreams()).isZero();
        stream.writeData(Unpooled.copiedBuffer("late", StandardCharsets.US_ASCII), true);
        assertThat(endpoint.received(FrameType.DATA)).isEmpty();
    }

    @Test
    void goAwayFailsStreamsAboveTheLastOneAndLetsOthersGoOn() {
        client.greeted();
        Heard kept = client.get("/kept");
        Heard lost = client.get("/lost");
        Heard unsent = new Heard();
        client.connection().open(unsent);
        client.send(Frames.goAway(1, 0));
        assertFailure(lost, Kind.UPSTREAM_REFUSED, Delivery.UNPROCESSED);
        assertFailure(unsent, Kind.UPSTREAM_REFUSED, Delivery.UNPROCESSED);
        assertThat(client.drainings()).isEqualTo(1);
        assertThat(client.connection().isUsable()).isFalse();
        assertThat(client.connection().capacity()).isZero();
        assertThat(client.closings()).isZero();

        client.send(frames.headers(1, true, ":status", "200"));
        assertThat(kept.isEnded()).isTrue();
        endpoint.runTasks();
        assertThat(client.closings()).isEqualTo(1);
        assertThat(endpoint.channel().isActive()).isFalse();
    }

    @Test
    void goAwayWithAnErrorIsTheSame() {
        client.greeted();
        Heard lost = client.get("/lost");
        client.send(Frames.goAway(0, ErrorCode.ENHANCE_YOUR_CALM));
        assertFailure(lost, Kind.UPSTREAM_REFUSED, Delivery.UNPROCESSED);
    }

    @Test
    void assumesAHundredStreamsUntilItIsTold() {
        assertThat(client.connection().capacity()).isEqualTo(100);
        client.greeted(PeerSettings.MAX_CONCURRENT_STREAMS, 2);
        assertThat(client.connection().capacity()).isEqualTo(2);
        Heard first = client.get("/");
        client.get("/");
        assertThat(client.connection().capacity()).isZero();
        assertThatThrownBy(() -> client.connection().open(new Heard())).isInstanceOf(IllegalStateException.class);
        int before = client.capacityChanges();
        client.send(frames.headers(1, true, ":status", "200"));
        assertThat(first.isEnded()).isTrue();
        assertThat(client.capacityChanges()).isEqualTo(before + 1);
        assertThat(client.connection().capacity()).isEqualTo(1);
    }

    @Test
    void opensNoMoreThanItsOwnLimit() {
        client.greeted();
        assertThat(client.connection().capacity()).isEqualTo(100);
    }

    @Test
    void pushEndsTheConnection() {
        client.greeted();
        Heard heard = client.get("/");
        client.send(Frames.frame(FrameType.PUSH_PROMISE, 4, 1, new byte[] {0, 0, 0, 2, (byte) 0x82}));
        assertThat(endpoint.goAwayCode()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertFailure(heard, Kind.MALFORMED_RESPONSE, Delivery.UNKNOWN);
    }

    @Test
    void aServersPermissionToPushIsAnError() {
        client.send(Frames.settings(PeerSettings.ENABLE_PUSH, 1));
        assertThat(endpoint.goAwayCode()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void resettingTellsTheEndpointAndNobodyElse() {
        client.greeted();
        Heard heard = new Heard();
        ClientStream stream = client.post(heard);
        stream.reset(ResetCode.CANCEL);
        stream.reset(ResetCode.CANCEL);
        assertThat(endpoint.received(FrameType.RST_STREAM, 1)).hasSize(1);
        client.send(frames.headers(1, false, ":status", "200"), Frames.data(1, "late", true));
        assertThat(heard.failures()).isZero();
        assertThat(heard.head()).isNull();
        assertThat(client.connection().activeStreams()).isZero();
        assertThat(endpoint.goAwayCode()).isNull();
    }

    @Test
    void drainingWaitsForTheLastStream() {
        client.greeted();
        Heard heard = client.get("/");
        client.connection().drain();
        assertThat(client.drainings()).isEqualTo(1);
        assertThat(client.connection().capacity()).isZero();
        assertThat(client.closings()).isZero();
        client.send(frames.headers(1, true, ":status", "200"));
        assertThat(heard.isEnded()).isTrue();
        assertThat(client.closings()).isEqualTo(1);
        assertThat(endpoint.goAwayCode()).isEqualTo(ErrorCode.NO_ERROR);
    }

    @Test
    void drainingAnIdleConnectionClosesIt() {
        client.greeted();
        client.connection().drain();
        endpoint.runTasks();
        assertThat(client.closings()).isEqualTo(1);
        assertThat(endpoint.channel().isActive()).isFalse();
    }

    @Test
    void closingFailsOpenStreams() {
        client.greeted();
        Heard heard = client.get("/");
        client.connection().close();
        assertThat(heard.reason().kind()).isEqualTo(Kind.DRAINED);
        assertThat(client.closings()).isEqualTo(1);
    }

    @Test
    void asksForAnotherProtocolByExtendedConnect() {
        client.greeted(PeerSettings.ENABLE_CONNECT_PROTOCOL, 1);
        Heard heard = upgrade();
        Frame frame = endpoint.received(FrameType.HEADERS).get(0);
        assertThat(frame.ends()).isFalse();
        assertThat(frames.lines(frame.payload()))
                .containsExactlyInAnyOrder(
                        ":method: CONNECT",
                        ":protocol: websocket",
                        ":scheme: http",
                        ":authority: a.example",
                        ":path: /chat",
                        "sec-websocket-version: 13");
        client.send(frames.headers(1, false, ":status", "200", "content-length", "0"), Frames.data(1, "hi", true));
        assertThat(heard.response().status()).isEqualTo(101);
        assertThat(heard.body()).isEqualTo("hi");
    }

    @Test
    void holdsAnUpgradeUntilTheEndpointHasSaidWhatItKnows() {
        Heard heard = upgrade();
        assertThat(endpoint.received(FrameType.HEADERS)).isEmpty();
        client.greeted(PeerSettings.ENABLE_CONNECT_PROTOCOL, 1);
        assertThat(endpoint.received(FrameType.HEADERS)).hasSize(1);
        assertThat(heard.failures()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void asksForHttp11WhereExtendedConnectIsNotKnown(boolean knownBefore) {
        if (knownBefore) {
            client.greeted();
        }
        Heard heard = upgrade();
        if (!knownBefore) {
            client.greeted();
        }
        assertFailure(heard, Kind.UPSTREAM_REFUSED, Delivery.UNPROCESSED);
        assertThat(heard.reason().resetCode()).contains(ResetCode.HTTP_1_1_REQUIRED);
        assertThat(endpoint.received(FrameType.HEADERS)).isEmpty();
        assertThat(client.connection().activeStreams()).isZero();
    }

    private Heard upgrade() {
        Heard heard = new Heard();
        RequestHead head = EmbeddedClient.head(Method.GET, "/chat").protocol("websocket");
        head.fields().add("sec-websocket-version", "13").add("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        client.connection().open(heard).writeHead(head, false);
        endpoint.runTasks();
        return heard;
    }

    private static void assertFailure(Heard heard, Kind kind, Delivery delivery) {
        ProxyException failure = heard.failure();
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.delivery()).isEqualTo(delivery);
        assertThat(heard.failures()).isEqualTo(1);
    }
}
