package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.internal.codec.http2.EmbeddedServer.Exchange;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are well formed and not served: each takes its answer, and the connection goes on. */
class RefusalTest {
    private static final Http2Limits LIMITS =
            Http2Limits.defaults().with(new Http2Limits.Heads(1_000, 10, 100, 4_096, 4));

    @ParameterizedTest
    @CsvSource({
        "6, false", // with the four pseudo-header fields
        "7, true"
    })
    void countsFields(int more, boolean refused) {
        String[] fields = new String[2 * more];
        for (int i = 0; i < more; i++) {
            fields[2 * i] = "x";
            fields[2 * i + 1] = "y";
        }
        answersWith(refused ? Kind.HEADERS_TOO_LARGE : null, (frames, stream) -> frames.post(stream, fields));
    }

    @ParameterizedTest
    @CsvSource({"786, false", "787, true"})
    void countsTheSizeOfTheList(int length, boolean refused) {
        // The pseudo-header fields take 181, the name and the overhead of the field 33.
        answersWith(
                refused ? Kind.HEADERS_TOO_LARGE : null,
                (frames, stream) -> frames.post(stream, "x", "y".repeat(length)));
    }

    @ParameterizedTest
    @CsvSource({"100, false", "101, true"})
    void countsTheTarget(int length, boolean refused) {
        answersWith(
                refused ? Kind.TARGET_TOO_LONG : null,
                (frames, stream) -> frames.get(stream, "/" + "a".repeat(length - 1)));
    }

    @Test
    void refusesAPlainTunnel() {
        answersWith(
                Kind.NOT_IMPLEMENTED,
                (frames, stream) -> frames.headers(stream, false, ":method", "CONNECT", ":authority", "a.example:443"));
    }

    @Test
    void refusesTunnelsOfProtocolsThatItDoesNotKnow() {
        answersWith(
                Kind.NOT_IMPLEMENTED,
                (frames, stream) -> frames.headers(
                        stream,
                        false,
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "connect-udp",
                        ":scheme",
                        "https",
                        ":authority",
                        "a.example",
                        ":path",
                        "/"));
    }

    @ParameterizedTest
    @CsvSource({"100-continue, false", "something, true"})
    void refusesOtherExpectations(String expectation, boolean refused) {
        answersWith(
                refused ? Kind.EXPECTATION_FAILED : null,
                (frames, stream) -> frames.post(stream, "expect", expectation));
    }

    @Test
    void doesNotDeliverTheBodyOfARefusedRequest() {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            Frames frames = server.client().frames();
            server.send(frames.post(1, "x", "y".repeat(2_000)), Frames.data(1, "body", false));
            server.exchange(0).respond(431, true);
            assertThat(server.client().received(FrameType.HEADERS, 1)).hasSize(1);
            assertThat(server.client().resetCode(1)).isEqualTo(ErrorCode.NO_ERROR);
        }
    }

    @Test
    void endsTheConnectionOnABlockFarTooLarge() {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            server.send(
                    Frames.frame(FrameType.HEADERS, 0, 1, new byte[4_096]),
                    Frames.frame(FrameType.CONTINUATION, 0, 1, new byte[1]));
            assertThat(server.client().goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }

    private static void answersWith(@org.jspecify.annotations.Nullable Kind refusal, Request request) {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            EmbeddedPeer client = server.client();
            server.send(request.make(client.frames(), 1));
            Exchange exchange = server.exchange(0);
            if (refusal == null) {
                assertThat(exchange.refusal()).isNull();
            } else {
                assertThat(exchange.refusal()).isNotNull();
                assertThat(exchange.refusal().kind()).isEqualTo(refusal);
                exchange.respond(400, true, "x-reason", refusal.reason());
                assertThat(client.frames()
                                .lines(client.received(FrameType.HEADERS, 1)
                                        .get(0)
                                        .payload()))
                        .contains("x-reason: " + refusal.reason());
            }
            server.send(client.frames().get(3, "/"));
            assertThat(server.exchange(1).refusal()).isNull();
            assertThat(client.goAwayCode()).isNull();
        }
    }

    private interface Request {
        ByteBuf make(Frames frames, int stream);
    }
}
