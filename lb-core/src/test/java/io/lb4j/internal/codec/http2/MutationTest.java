package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.internal.codec.http2.EmbeddedServer.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Conversations that were changed at random: whatever they bring about, it is one of the things that a codec may do. */
class MutationTest {
    private static final int ROUNDS = 6_000;

    @Test
    void serverSurvives() {
        Random random = new Random(20_260_101);
        byte[] valid = conversation();
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] octets = mutated(valid, random);
            try (EmbeddedServer server = new EmbeddedServer()) {
                if (random.nextBoolean()) {
                    server.onRequest((exchange, end) -> exchange.respond(200, true));
                }
                for (int start = 0; start < octets.length; ) {
                    int end = Math.min(octets.length, start + 1 + random.nextInt(200));
                    server.send(Unpooled.wrappedBuffer(Arrays.copyOfRange(octets, start, end)));
                    start = end;
                }
                server.client().received(); // whole frames only
                refused += server.client().goAwayCode() != null ? 1 : 0;
                server.client().channel().checkException();
                for (Exchange exchange : server.exchanges()) {
                    assertThat(exchange.heard().failures()).isLessThanOrEqualTo(1);
                }
            }
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS - 1);
    }

    private static byte[] mutated(byte[] valid, Random random) {
        byte[] octets = valid.clone();
        int first = random.nextInt(4) == 0 ? 0 : FrameReader.PREFACE.length;
        for (int i = random.nextInt(5); i >= 0; i--) {
            int at = first + random.nextInt(octets.length - first);
            switch (random.nextInt(3)) {
                case 0 -> octets[at] = (byte) random.nextInt(256);
                case 1 -> octets[at] ^= (byte) (1 << random.nextInt(8));
                default -> {
                    int length = Math.min(random.nextInt(20), octets.length - at);
                    System.arraycopy(
                            octets, first + random.nextInt(octets.length - first - length), octets, at, length);
                }
            }
        }
        return octets;
    }

    private static byte[] conversation() {
        Frames frames = new Frames();
        ByteBuf all = Unpooled.buffer();
        ByteBuf[] parts = {
            Frames.preface(),
            Frames.settings(PeerSettings.INITIAL_WINDOW_SIZE, 100),
            Frames.settingsAck(),
            frames.post(1, "content-length", "7", "cookie", "a=b"),
            Frames.data(1, "abcdefg", true),
            Frames.windowUpdate(1, 10),
            frames.post(3),
            Frames.ping(false, 9),
            Frames.data(3, "x", false),
            Frames.reset(1, 8),
            frames.headers(3, true, "x-trailer", "y"),
            frames.get(5, "/five"),
            Frames.frame(FrameType.PRIORITY, 0, 5, new byte[] {0, 0, 0, 3, 7}),
            frames.headers(
                    7,
                    false,
                    ":method",
                    "CONNECT",
                    ":protocol",
                    "websocket",
                    ":scheme",
                    "http",
                    ":authority",
                    "a",
                    ":path",
                    "/"),
            Frames.data(7, "frame", false),
            Frames.goAway(0, 0)
        };
        for (ByteBuf part : parts) {
            all.writeBytes(part);
            part.release();
        }
        return Frames.octets(all);
    }
}
