package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.netty.buffer.ByteBuf;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Behaviour that costs us more than the peer: as much as is allowed, and one more. */
class AbuseTest {
    private static final Http2Limits LIMITS = Http2Limits.defaults().with(new Http2Limits.Abuse(10, 0, 20, 0, 50));

    @Test
    void rapidResets() {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            EmbeddedPeer client = server.client();
            int stream = 1;
            for (int i = 0; i < 10; i++, stream += 2) {
                server.send(client.frames().get(stream, "/"), Frames.reset(stream, ErrorCode.CANCEL));
            }
            assertThat(client.goAwayCode()).isNull();
            server.send(client.frames().get(stream, "/"), Frames.reset(stream, ErrorCode.CANCEL));
            assertThat(client.goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
            assertThat(server.exchange(10).heard().failure()).isNotNull();
            assertThat(server.exchange(10).heard().reason().kind()).isEqualTo(Kind.CLIENT_ABUSE);
        }
    }

    @Test
    void exchangesThatEndWellEarnResets() {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            EmbeddedPeer client = server.client();
            server.onRequest((exchange, end) -> {
                if (exchange.head().target().equals("/good")) {
                    exchange.respond(204, true);
                }
            });
            for (int stream = 1; stream < 400; stream += 4) {
                server.send(
                        client.frames().get(stream, "/good"),
                        client.frames().get(stream + 2, "/reset"),
                        Frames.reset(stream + 2, ErrorCode.CANCEL));
            }
            assertThat(client.goAwayCode()).isNull();
        }
    }

    @Test
    void windowsThatAreGivenBackForABodyCostNothing() {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().get(1, "/"));
            server.exchange(0).respond(200, false);
            for (int i = 0; i < 50; i++) {
                server.exchange(0).write("x".repeat(16_384), false);
                client.runTasks();
                for (int updates = 0; updates < 4; updates++) { // some clients do so for every 4 KiB
                    server.send(Frames.windowUpdate(0, 4_096), Frames.windowUpdate(1, 4_096));
                }
            }
            assertThat(client.goAwayCode()).isNull();
            assertThat(client.body(1)).hasSize(50 * 16_384);
        }
    }

    @Test
    void resetsThatWeAreMadeToSend() {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            EmbeddedPeer client = server.client();
            int stream = 1;
            for (int i = 0; i < 10; i++, stream += 2) {
                server.send(client.frames().get(stream, "/"), Frames.windowUpdate(stream, 0));
            }
            assertThat(client.goAwayCode()).isNull();
            server.send(client.frames().get(stream, "/"), Frames.windowUpdate(stream, 0));
            assertThat(client.goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefusedAndThenEndTheConnection() {
        Http2Limits limits = LIMITS.with(new Http2Limits.Streams(2, 65_536, 32_768));
        try (EmbeddedServer server = new EmbeddedServer(limits).greeted()) {
            EmbeddedPeer client = server.client();
            server.send(
                    client.frames().get(1, "/"),
                    client.frames().get(3, "/"),
                    client.frames().get(5, "/"));
            assertThat(server.exchanges()).hasSize(3);
            assertThat(server.exchange(2).refusal()).isNotNull(); // for the record alone
            assertThat(client.resetCode(3)).isNull();
            assertThat(client.resetCode(5)).isEqualTo(ErrorCode.REFUSED_STREAM);
            for (int stream = 7; stream <= 25; stream += 2) {
                server.send(client.frames().get(stream, "/"));
            }
            assertThat(client.goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
            assertThat(server.exchanges())
                    .filteredOn(exchange -> exchange.refusal() == null)
                    .hasSize(2);
        }
    }

    @Test
    void malformedRequests() {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            EmbeddedPeer client = server.client();
            for (int i = 0; i <= 10; i++) {
                server.send(client.frames().headers(1 + 2 * i, true, ":method", "GET"));
            }
            assertThat(client.goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void pings() {
        floods(i -> Frames.ping(false, i));
    }

    @Test
    void settings() {
        floods(i -> Frames.settings(PeerSettings.INITIAL_WINDOW_SIZE, i));
    }

    @Test
    void priorities() {
        floods(i -> Frames.frame(FrameType.PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 1}));
    }

    @Test
    void windowUpdates() {
        floods(i -> Frames.windowUpdate(0, 1));
    }

    @Test
    void emptyData() {
        floods(i -> Frames.data(1, "", false));
    }

    @Test
    void unknownFrames() {
        floods(i -> Frames.frame(0x77, 0, 0));
    }

    private static void floods(IntFunction<ByteBuf> frames) {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1)); // whatever the greeting took is given back
            for (int i = 0; i < 20; i++) {
                server.send(frames.apply(i));
            }
            assertThat(client.goAwayCode()).isNull();
            server.send(frames.apply(20));
            assertThat(client.goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void emptyContinuations() {
        try (EmbeddedServer server = new EmbeddedServer().greeted()) {
            server.send(Frames.frame(FrameType.HEADERS, 0, 1));
            for (int i = 0; i < 16; i++) {
                server.send(Frames.frame(FrameType.CONTINUATION, 0, 1));
            }
            assertThat(server.client().goAwayCode()).isNull();
            server.send(Frames.frame(FrameType.CONTINUATION, 0, 1));
            assertThat(server.client().goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void octetsOneByOneWhileNobodyReads() {
        try (EmbeddedServer server = new EmbeddedServer(LIMITS).greeted()) {
            EmbeddedPeer client = server.client();
            server.send(client.frames().post(1));
            server.exchange(0).stream().pauseReading();
            for (int i = 0; i < 20; i++) {
                server.send(Frames.data(1, "x", false));
            }
            assertThat(client.goAwayCode()).isNull();
            server.send(Frames.data(1, "x", false));
            assertThat(client.goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }
}
