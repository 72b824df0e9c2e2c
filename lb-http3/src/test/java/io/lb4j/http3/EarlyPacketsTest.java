package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is seen of packets of 0-RTT without their keys. */
final class EarlyPacketsTest {
    private static final int INITIAL = 0xc0;
    private static final int ZERO_RTT = 0xd0;
    private static final int HANDSHAKE = 0xe0;

    private static ByteBuf packet(int first, int payload) {
        ByteBuf packet = Unpooled.buffer()
                .writeByte(first)
                .writeInt(1)
                .writeByte(8)
                .writeZero(8)
                .writeByte(4)
                .writeZero(4);
        if (first == INITIAL) {
            Varints.write(packet, 3);
            packet.writeZero(3);
        }
        Varints.write(packet, payload);
        return packet.writeZero(payload);
    }

    private static boolean isIn(ByteBuf... packets) {
        return LongHeaders.isIn(Unpooled.wrappedBuffer(packets), LongHeaders.ZERO_RTT);
    }

    @Test
    void theyAreSeenAloneAndBehindOthers() {
        assertThat(isIn(packet(ZERO_RTT, 100))).isTrue();
        assertThat(isIn(packet(INITIAL, 300), packet(ZERO_RTT, 100))).isTrue();
        assertThat(isIn(packet(HANDSHAKE, 20), packet(ZERO_RTT, 0))).isTrue();
    }

    @Test
    void othersAreNotTakenForThem() {
        assertThat(isIn(packet(INITIAL, 1_200))).isFalse();
        assertThat(isIn(packet(INITIAL, 300), packet(HANDSHAKE, 100))).isFalse();
        assertThat(isIn(packet(INITIAL, 300), Unpooled.buffer().writeByte(0x5d).writeZero(50)))
                .as("short header")
                .isFalse();
        assertThat(isIn(packet(ZERO_RTT, 100).setInt(1, 0x6b3343cf)))
                .as("another version")
                .isFalse();
        assertThat(isIn(Unpooled.EMPTY_BUFFER)).isFalse();
    }

    @Test
    void whatIsCutShortOrMadeUpHurtsNobody() {
        ByteBuf whole = Unpooled.wrappedBuffer(packet(INITIAL, 30), packet(ZERO_RTT, 30));
        for (int length = 0; length < packet(INITIAL, 30).readableBytes() + 7; length++) {
            assertThat(LongHeaders.isIn(whole.slice(0, length), LongHeaders.ZERO_RTT))
                    .as("%d octets", length)
                    .isFalse();
        }
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            byte[] octets = new byte[random.nextInt(60)];
            random.nextBytes(octets);
            ByteBuf garbage = Unpooled.wrappedBuffer(octets);
            LongHeaders.isIn(garbage, LongHeaders.ZERO_RTT);
            assertThat(garbage.readableBytes()).isEqualTo(octets.length);
        }
    }
}
