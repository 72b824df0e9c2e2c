package io.lb4j.http3;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;

/** Has sockets exchange many packets with the kernel in one call, where the transport can. Stateless. */
final class ManyPackets {
    /** Larger packets than paths carry, as a rule; of a still larger one the rest is lost, and with it the packet. */
    static final int PACKET_OCTETS = 2_048;

    private static final int AT_ONCE = 16;
    /** To put fewer in one piece costs more than the kernel saves by it. */
    private static final int LEAST_JOINED = 8;

    private ManyPackets() {}

    /** Has a socket receive many in one call (recvmmsg). */
    static void receive(DatagramChannel socket) {
        if (socket instanceof EpollDatagramChannel) {
            socket.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, PACKET_OCTETS);
            socket.config()
                    .setOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(AT_ONCE * PACKET_OCTETS));
        }
    }

    /** Makes what sends many in one call. */
    static PacketBatch send(DatagramChannel socket, EventLoop loop, boolean joins, Figures figures) {
        boolean canJoin =
                socket instanceof EpollDatagramChannel && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
        return new PacketBatch(
                loop, joins && canJoin ? LEAST_JOINED : PacketBatch.NEVER, System::nanoTime, figures::add);
    }
}
