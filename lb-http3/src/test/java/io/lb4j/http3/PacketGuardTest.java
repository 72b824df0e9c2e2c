package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PacketGuardTest {
    private static final int SHORT_HEADER = 0x40;
    private static final int HANDSHAKE = 0xe0;

    private final Figures figures = new Figures();
    private final EmbeddedChannel channel = new EmbeddedChannel(new PacketGuard(ConnectionIds.OCTETS, figures));

    /** Returns whether a datagram of a length gets through that begins with an octet and names version 1. */
    private boolean passes(int first, int length) {
        byte[] octets = new byte[length];
        if (length > 4) {
            octets[0] = (byte) first;
            octets[4] = 1;
        }
        channel.writeInbound(new DatagramPacket(
                Unpooled.wrappedBuffer(octets),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 2)));
        DatagramPacket passed = channel.readInbound();
        if (passed != null) {
            passed.release();
        }
        return passed != null;
    }

    @ParameterizedTest
    @CsvSource({"0, false", "12, false", "31, false", "32, true", "1200, true"})
    void letsThroughWhatMayBeAPacketOfAConnection(int length, boolean passes) {
        assertThat(passes(SHORT_HEADER, length)).isEqualTo(passes);
        assertThat(passes(HANDSHAKE, length)).isEqualTo(passes);
        assertThat(figures.value(Figure.PACKETS_SHORT)).isEqualTo(passes ? 0 : 2);
    }

    @Test
    void letsNothingSmallBeginAConnection() {
        int initial = 0xc0;

        assertThat(passes(initial, 1_199)).isFalse();
        assertThat(passes(initial, 1_200)).isTrue();
        assertThat(figures.value(Figure.PACKETS_TINY)).isEqualTo(1);
        assertThat(figures.value(Figure.PACKETS_SHORT)).isZero();
    }
}
