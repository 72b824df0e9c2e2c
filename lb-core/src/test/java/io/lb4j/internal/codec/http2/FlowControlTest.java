package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.Fields;
import io.lb4j.internal.codec.http2.EmbeddedServer.Exchange;
import io.lb4j.internal.codec.http2.Frames.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowControlTest {
    private static final String KIBIBYTE = "k".repeat(1_024);

    @Test
    void sendsNoMoreThanTheStreamsWindow() {
        try (EmbeddedServer server = new EmbeddedServer().greeted(PeerSettings.INITIAL_WINDOW_SIZE, 10)) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            server.exchange(0).respond(200, false);
            server.exchange(0).write("0123456789abcdef", true);
            assertThat(client.body(1)).isEqualTo("0123456789");
            server.send(Frames.windowUpdate(1, 3));
            assertThat(client.body(1)).isEqualTo("0123456789abc");
            server.send(Frames.windowUpdate(1, 100));
            assertThat(client.body(1)).isEqualTo("0123456789abcdef");
            assertThat(client.received(FrameType.DATA, 1)).last().matches(Frame::ends);
        }
    }

    @Test
    void sendsNoMoreThanTheConnectionsWindow() {
        try (EmbeddedServer server = new EmbeddedServer().greeted(PeerSettings.INITIAL_WINDOW_SIZE, 1 << 20)) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            server.exchange(0).respond(200, false);
            server.exchange(0).write("x".repeat(100_000), true);
            assertThat(client.body(1)).hasSize(65_535);
            server.send(Frames.windowUpdate(0, 1 << 20));
            assertThat(client.body(1)).hasSize(100_000);
        }
    }

    @Test
    void sendsFramesNoLargerThanUsual() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            server.exchange(0).respond(200, false);
            server.exchange(0).write("x".repeat(50_000), true);
            assertThat(client.received(FrameType.DATA, 1))
                    .extracting(frame -> frame.payload().length)
                    .containsExactly(16_384, 16_384, 16_384, 848);
        }
    }

    @Test
    void heedsAWindowThatBecomesNegative() {
        try (EmbeddedServer server = new EmbeddedServer().greeted(PeerSettings.INITIAL_WINDOW_SIZE, 10)) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            server.exchange(0).respond(200, false);
            server.exchange(0).write("0123456789abcdef", true);
            server.send(Frames.settings(PeerSettings.INITIAL_WINDOW_SIZE, 4)); // now -6
            server.send(Frames.windowUpdate(1, 6)); // now 0
            assertThat(client.body(1)).isEqualTo("0123456789");
            server.send(Frames.windowUpdate(1, 1));
            assertThat(client.body(1)).isEqualTo("0123456789a");
            server.send(Frames.settings(PeerSettings.INITIAL_WINDOW_SIZE, 100));
            assertThat(client.body(1)).isEqualTo("0123456789abcdef");
        }
    }

    @Test
    void resetsAStreamWhoseWindowOverflows() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            server.send(server.client().frames().get(1, "/"), Frames.windowUpdate(1, Integer.MAX_VALUE));
            assertThat(server.client().resetCode(1)).isEqualTo(ErrorCode.FLOW_CONTROL_ERROR);
            assertThat(server.exchange(0).heard().failures()).isEqualTo(1);
        }
    }

    @Test
    void sendsTheEndWithoutAWindow() {
        try (EmbeddedServer server = new EmbeddedServer().greeted(PeerSettings.INITIAL_WINDOW_SIZE, 0)) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            server.exchange(0).respond(200, false);
            server.exchange(0).write("", true);
            assertThat(client.received(FrameType.DATA, 1)).hasSize(1).last().matches(Frame::ends);
        }
    }

    @Test
    void sendsTrailersBehindDataThatWaited() {
        try (EmbeddedServer server = new EmbeddedServer().greeted(PeerSettings.INITIAL_WINDOW_SIZE, 2)) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            Exchange exchange = server.exchange(0);
            exchange.respond(200, false);
            exchange.write("abc", false);
            Fields trailers = new Fields().add("x-sum", "9");
            exchange.stream().writeTrailers(trailers);
            trailers.clear(); // the caller's own
            assertThat(client.received(FrameType.HEADERS, 1)).hasSize(1);
            server.send(Frames.windowUpdate(1, 1));
            List<Frame> frames = client.received(frame -> frame.stream() == 1);
            assertThat(frames).extracting(Frame::type).endsWith(FrameType.DATA, FrameType.DATA, FrameType.HEADERS);
            assertThat(frames.get(frames.size() - 1).ends()).isTrue();
        }
    }

    @Test
    void tellsWhenAStreamTakesMoreAgain() {
        try (EmbeddedServer server = new EmbeddedServer().greeted(PeerSettings.INITIAL_WINDOW_SIZE, 0)) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            Exchange exchange = server.exchange(0);
            exchange.respond(200, false);
            for (int i = 0; i < 47; i++) {
                exchange.write(KIBIBYTE, false);
            }
            assertThat(exchange.stream().isWritable()).isTrue();
            exchange.write(KIBIBYTE, false);
            assertThat(exchange.stream().isWritable()).isFalse();
            server.send(Frames.windowUpdate(1, 24_575)); // one more than the low mark is left
            assertThat(exchange.stream().isWritable()).isFalse();
            assertThat(exchange.heard().writable()).isZero();
            server.send(Frames.windowUpdate(1, 1));
            assertThat(exchange.stream().isWritable()).isTrue();
            assertThat(exchange.heard().writable()).isEqualTo(1);
        }
    }

    @Test
    void writesFromWithinTheCallThatTellsOfRoom() {
        try (EmbeddedServer server = new EmbeddedServer().greeted(PeerSettings.INITIAL_WINDOW_SIZE, 0)) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            Exchange exchange = server.exchange(0);
            exchange.heard().then(() -> exchange.write("the end", true));
            exchange.respond(200, false);
            exchange.write("x".repeat(70_000), false);
            server.send(Frames.windowUpdate(0, 1 << 20), Frames.windowUpdate(1, 1 << 20));
            assertThat(client.body(1)).hasSize(70_007).endsWith("the end");
        }
    }

    @Test
    void letsStreamsTakeTurns() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/large"), client.frames().get(3, "/small"));
            server.exchange(0).respond(200, false);
            server.exchange(0).write("x".repeat(60_000), true);
            server.exchange(1).respond(200, false);
            server.exchange(1).write("y".repeat(3_000), true);
            List<Integer> order =
                    client.received(FrameType.DATA).stream().map(Frame::stream).toList();
            assertThat(order).startsWith(1, 3, 1);
        }
    }

    @Test
    void prefersTheMoreUrgent() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(
                    client.frames().post(1, "priority", "u=5"), client.frames().post(3, "priority", "u=1, i"));
            server.exchange(0).respond(200, false);
            server.exchange(0).write("x".repeat(20_000), false);
            server.exchange(1).respond(200, false);
            server.exchange(1).write("y".repeat(20_000), false);
            List<Integer> order =
                    client.received(FrameType.DATA).stream().map(Frame::stream).toList();
            assertThat(order).containsExactly(3, 3, 1, 1);
        }
    }

    @Test
    void givesAStreamsWindowBackAsItIsRead() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1));
            server.send(Frames.data(1, new byte[16_384], false));
            assertThat(client.received(FrameType.WINDOW_UPDATE, 1)).isEmpty();
            server.send(Frames.data(1, new byte[16_384], false));
            assertThat(client.received(FrameType.WINDOW_UPDATE, 1)).hasSize(1);
            assertThat(client.received(FrameType.WINDOW_UPDATE, 1).get(0).intAt(0))
                    .isEqualTo(32_768);
        }
    }

    @Test
    void withholdsTheWindowOfAStreamThatIsPausedAndOfNoOther() {
        Http2Limits limits = Http2Limits.defaults().with(new Http2Limits.Windows(65_536, 65_535, 16_384));
        try (EmbeddedServer server = new EmbeddedServer(limits).greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1), client.frames().post(3));
            Exchange paused = server.exchange(0);
            paused.stream().pauseReading();
            for (int i = 0; i < 4; i++) {
                server.send(Frames.data(1, new byte[16_384], false));
            }
            assertThat(paused.heard().body()).hasSize(65_536);
            assertThat(client.received(FrameType.WINDOW_UPDATE, 1)).isEmpty();
            for (int i = 0; i < 20; i++) { // more than the connection's window
                server.send(Frames.data(3, new byte[16_384], false));
            }
            assertThat(server.exchange(1).heard().body()).hasSize(20 * 16_384);

            server.send(Frames.data(1, "x", false));
            assertThat(client.resetCode(1)).isEqualTo(ErrorCode.FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void givesTheWindowBackWhenReadingGoesOn() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1));
            server.exchange(0).stream().pauseReading();
            for (int i = 0; i < 4; i++) {
                server.send(Frames.data(1, new byte[16_384], false));
            }
            server.exchange(0).stream().resumeReading();
            assertThat(client.received(FrameType.WINDOW_UPDATE, 1).get(0).intAt(0))
                    .isEqualTo(65_536);
        }
    }

    @Test
    void countsPadding() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1));
            server.exchange(0).stream().pauseReading();
            byte[] padded = new byte[256];
            padded[0] = (byte) 250;
            for (int i = 0; i < 256; i++) {
                server.send(Frames.frame(FrameType.DATA, FrameType.FLAG_PADDED, 1, padded));
            }
            assertThat(server.exchange(0).heard().body()).hasSize(256 * 5);
            server.send(Frames.frame(FrameType.DATA, FrameType.FLAG_PADDED, 1, padded));
            assertThat(client.resetCode(1)).isEqualTo(ErrorCode.FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void allowsTheDefaultWindowUntilASmallerOneIsAcknowledged() {
        Http2Limits limits = Http2Limits.defaults().with(new Http2Limits.Windows(1_000, 1 << 20, 16_384));
        try (EmbeddedServer server = new EmbeddedServer(limits)) {
            EmbeddedPeer client = server.client();
            server.send(Frames.preface(), Frames.settings(), client.frames().post(1));
            server.exchange(0).stream().pauseReading();
            server.send(Frames.data(1, new byte[16_000], false));
            assertThat(client.resetCode(1)).isNull();
            server.send(Frames.settingsAck(), client.frames().post(3), Frames.data(3, new byte[1_001], false));
            assertThat(client.resetCode(3)).isEqualTo(ErrorCode.FLOW_CONTROL_ERROR);
        }
    }
}
