package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which datagrams are taken apart. */
final class PacketSplitterTest {
    private static final String ID = "0102030405060708";
    private static final String OTHER_ID = "0102030405060709";
    private static final String PAYLOAD = "11".repeat(20);
    private static final String SHORT = "41" + ID + PAYLOAD;

    private final EmbeddedChannel channel = new EmbeddedChannel(PacketSplitter.INSTANCE);

    private static String longHeader(String first, String id) {
        return first + "00000001" + "08" + id + "00" + "14" + PAYLOAD;
    }

    private static String handshake() {
        return longHeader("e0", ID);
    }

    private List<String> apart(String datagram) {
        InetSocketAddress recipient = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        InetSocketAddress sender = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
        ByteBuf octets = Unpooled.directBuffer().writeBytes(ByteBufUtil.decodeHexDump(datagram));
        channel.writeInbound(new DatagramPacket(octets, recipient, sender));
        List<String> packets = new ArrayList<>();
        for (DatagramPacket packet = channel.readInbound(); packet != null; packet = channel.readInbound()) {
            assertThat(packet.recipient()).isEqualTo(recipient);
            assertThat(packet.sender()).isEqualTo(sender);
            packets.add(ByteBufUtil.hexDump(packet.content()));
            packet.release();
        }
        assertThat(octets.refCnt()).isZero();
        return packets;
    }

    @Test
    void whatComesBehindAPacketOfTheHandshakeIsItsOwn() {
        assertThat(apart(handshake() + SHORT)).containsExactly(handshake(), SHORT);
    }

    @Test
    void theRestIsLeftAsItIs() {
        for (String datagram : List.of(
                SHORT,
                SHORT + SHORT,
                "e0",
                "e000000001",
                "e0000000010801",
                "e00000000108" + ID,
                "e00000000108" + ID + "004014",
                handshake(),
                handshake() + "41" + OTHER_ID + PAYLOAD,
                handshake() + "41" + ID.substring(2),
                handshake() + "01" + ID + PAYLOAD,
                handshake() + handshake(),
                longHeader("d0", ID) + SHORT,
                longHeader("e0", ID).replace("00000001", "00000002") + SHORT)) {
            assertThat(apart(datagram)).containsExactly(datagram);
        }
    }
}
