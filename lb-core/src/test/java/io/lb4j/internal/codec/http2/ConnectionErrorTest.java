package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults that end the connection (RFC 9113 §5.4.1), each with its code; and frames that look like one and are none. */
class ConnectionErrorTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void endsTheConnection(String what, int code, Function<Frames, ByteBuf> fault) {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1), fault.apply(client.frames()));
            assertThat(client.goAwayCode()).as(what).isEqualTo(code);
            assertThat(client.received(FrameType.GOAWAY).get(0).intAt(0))
                    .as("last stream")
                    .isIn(1, 3, 5);
            assertThat(server.exchange(0).heard().failures()).isEqualTo(1);
            assertThat(client.channel().isActive()).isFalse();
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("DATA on stream 0", ErrorCode.PROTOCOL_ERROR, f -> Frames.data(0, "x", false)),
                fault("DATA on an idle stream", ErrorCode.PROTOCOL_ERROR, f -> Frames.data(3, "x", false)),
                fault("padding larger than DATA", ErrorCode.PROTOCOL_ERROR, f -> frame(FrameType.DATA, 8, 1, 2, 'x')),
                fault("padded DATA without pad length", ErrorCode.FRAME_SIZE_ERROR, f -> frame(FrameType.DATA, 8, 1)),
                fault("HEADERS on stream 0", ErrorCode.PROTOCOL_ERROR, f -> f.get(0, "/")),
                fault("HEADERS on an even stream", ErrorCode.PROTOCOL_ERROR, f -> f.get(2, "/")),
                fault(
                        "HEADERS on a skipped stream",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> Unpooled.wrappedBuffer(f.get(5, "/"), f.get(3, "/"))),
                fault(
                        "padding larger than HEADERS",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> frame(FrameType.HEADERS, 0xc, 3, 9, 1)),
                fault(
                        "HEADERS too short for its priority",
                        ErrorCode.FRAME_SIZE_ERROR,
                        f -> frame(FrameType.HEADERS, 0x24, 3, 0)),
                fault(
                        "block that cannot be decoded",
                        ErrorCode.COMPRESSION_ERROR,
                        f -> frame(FrameType.HEADERS, 4, 3, 0x80)),
                fault(
                        "CONTINUATION without HEADERS",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> frame(FrameType.CONTINUATION, 4, 1)),
                fault(
                        "frame within a block",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> Unpooled.wrappedBuffer(frame(FrameType.HEADERS, 0, 3), Frames.ping(false, 1))),
                fault(
                        "CONTINUATION on another stream",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> Unpooled.wrappedBuffer(
                                frame(FrameType.HEADERS, 0, 3), frame(FrameType.CONTINUATION, 4, 5))),
                fault(
                        "PRIORITY on stream 0",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> frame(FrameType.PRIORITY, 0, 0, 0, 0, 0, 1, 1)),
                fault("RST_STREAM on stream 0", ErrorCode.PROTOCOL_ERROR, f -> Frames.reset(0, 8)),
                fault("RST_STREAM on an idle stream", ErrorCode.PROTOCOL_ERROR, f -> Frames.reset(7, 8)),
                fault(
                        "RST_STREAM of the wrong size",
                        ErrorCode.FRAME_SIZE_ERROR,
                        f -> frame(FrameType.RST_STREAM, 0, 1, 0)),
                fault("SETTINGS on a stream", ErrorCode.PROTOCOL_ERROR, f -> frame(FrameType.SETTINGS, 0, 1)),
                fault(
                        "SETTINGS of the wrong size",
                        ErrorCode.FRAME_SIZE_ERROR,
                        f -> frame(FrameType.SETTINGS, 0, 0, 1)),
                fault(
                        "SETTINGS acknowledgement with settings",
                        ErrorCode.FRAME_SIZE_ERROR,
                        f -> frame(FrameType.SETTINGS, 1, 0, 0, 1, 0, 0, 0, 0)),
                fault("ENABLE_PUSH of 2", ErrorCode.PROTOCOL_ERROR, f -> Frames.settings(2, 2)),
                fault("INITIAL_WINDOW_SIZE of 2^31", ErrorCode.FLOW_CONTROL_ERROR, f -> Frames.settings(4, 1 << 31)),
                fault(
                        "INITIAL_WINDOW_SIZE that overflows a window",
                        ErrorCode.FLOW_CONTROL_ERROR,
                        f -> Unpooled.wrappedBuffer(Frames.windowUpdate(1, 10), Frames.settings(4, Integer.MAX_VALUE))),
                fault("MAX_FRAME_SIZE too small", ErrorCode.PROTOCOL_ERROR, f -> Frames.settings(5, 16_383)),
                fault("MAX_FRAME_SIZE too large", ErrorCode.PROTOCOL_ERROR, f -> Frames.settings(5, 1 << 24)),
                fault(
                        "ENABLE_CONNECT_PROTOCOL taken back",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> Unpooled.wrappedBuffer(Frames.settings(8, 1), Frames.settings(8, 0))),
                fault("PUSH_PROMISE", ErrorCode.PROTOCOL_ERROR, f -> frame(FrameType.PUSH_PROMISE, 4, 1, 0, 0, 0, 2)),
                fault(
                        "PING on a stream",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> frame(FrameType.PING, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
                fault("PING of the wrong size", ErrorCode.FRAME_SIZE_ERROR, f -> frame(FrameType.PING, 0, 0, 1)),
                fault(
                        "GOAWAY on a stream",
                        ErrorCode.PROTOCOL_ERROR,
                        f -> frame(FrameType.GOAWAY, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
                fault(
                        "GOAWAY of the wrong size",
                        ErrorCode.FRAME_SIZE_ERROR,
                        f -> frame(FrameType.GOAWAY, 0, 0, 0, 0, 0, 0)),
                fault(
                        "WINDOW_UPDATE of the wrong size",
                        ErrorCode.FRAME_SIZE_ERROR,
                        f -> frame(FrameType.WINDOW_UPDATE, 0, 1, 0)),
                fault("WINDOW_UPDATE of 0", ErrorCode.PROTOCOL_ERROR, f -> Frames.windowUpdate(0, 0)),
                fault("WINDOW_UPDATE on an idle stream", ErrorCode.PROTOCOL_ERROR, f -> Frames.windowUpdate(9, 1)),
                fault(
                        "connection window that overflows",
                        ErrorCode.FLOW_CONTROL_ERROR,
                        f -> Frames.windowUpdate(0, Integer.MAX_VALUE)),
                fault(
                        "frame that is too large",
                        ErrorCode.FRAME_SIZE_ERROR,
                        f -> Frames.data(1, new byte[16_385], false)));
    }

    @Test
    void wrongPrefaceEndsTheConnection() {
        try (EmbeddedServer server = new EmbeddedServer()) {
            server.send(Unpooled.wrappedBuffer(
                    "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            assertThat(server.client().goAwayCode()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        }
    }

    @Test
    void firstFrameOtherThanSettingsEndsTheConnection() {
        try (EmbeddedServer server = new EmbeddedServer()) {
            server.send(Frames.preface(), Frames.ping(false, 1));
            assertThat(server.client().goAwayCode()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        }
    }

    @Test
    void connectionWindowThatIsExceededEndsTheConnection() {
        Http2Limits limits = Http2Limits.defaults().with(new Http2Limits.Windows(1 << 20, 65_535, 1 << 20));
        try (EmbeddedServer server = new EmbeddedServer(limits).greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1), Frames.data(1, new byte[65_535], false));
            assertThat(client.goAwayCode()).isNull();
            server.send(Frames.data(1, new byte[65_536], false));
            assertThat(client.goAwayCode()).isEqualTo(ErrorCode.FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void kindOfTheFailureIsTheClients() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            server.send(server.client().frames().post(1), Frames.windowUpdate(0, 0));
            assertThat(server.exchange(0).heard().failure()).isNotNull();
            assertThat(server.exchange(0).heard().reason().kind()).isEqualTo(Kind.MALFORMED_REQUEST);
        }
    }

    @Test
    void unknownFramesAndSettingsAndFlagsAreIgnored() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(
                    frame(0x42, 0xff, 17, 1, 2, 3),
                    Frames.settings(0xabc, 5),
                    frame(FrameType.PING, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0, 9),
                    frame(FrameType.PRIORITY, 0, 9, 0, 0, 0, 1, 1),
                    client.frames().get(1, "/"));
            assertThat(server.exchanges()).hasSize(1);
            assertThat(client.received(FrameType.PING)).hasSize(1);
            assertThat(client.goAwayCode()).isNull();
        }
    }

    @Test
    void lateFramesOnAStreamThatWeResetAreIgnored() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1));
            server.exchange(0).stream().reset(io.lb4j.http.ResetCode.CANCEL);
            server.send(
                    Frames.data(1, "late", false),
                    Frames.windowUpdate(1, 5),
                    client.frames().headers(1, true, "x-late", "trailer"),
                    Frames.reset(1, 8),
                    client.frames().get(3, "/next"));
            assertThat(client.goAwayCode()).isNull();
            assertThat(server.exchanges()).hasSize(2);
        }
    }

    @Test
    void lateWindowUpdateOnAnEndedStreamIsIgnored() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            server.exchange(0).respond(204, true);
            server.send(Frames.windowUpdate(1, 5), Frames.reset(1, 8));
            assertThat(client.goAwayCode()).isNull();
        }
    }

    @Test
    void framesOnAnEndedStreamEndTheConnection() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            server.exchange(0).respond(204, true);
            server.send(Frames.data(1, "x", false));
            assertThat(client.goAwayCode()).isEqualTo(ErrorCode.STREAM_CLOSED);
        }
    }

    private static Arguments fault(String what, int code, Function<Frames, ByteBuf> maker) {
        return Arguments.of(what, code, maker);
    }

    private static ByteBuf frame(int type, int flags, int stream, int... payload) {
        byte[] octets = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            octets[i] = (byte) payload[i];
        }
        return Frames.frame(type, flags, stream, octets);
    }
}
