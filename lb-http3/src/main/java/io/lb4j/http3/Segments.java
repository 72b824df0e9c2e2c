package io.lb4j.http3;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;

/** Hands packets of one size to the kernel together (UDP_SEGMENT, Linux 4.18), where the socket can do so. Stateless. */
final class Segments {
    /** Packets at once: the kernel takes 64 at the most, and no more than 64 KiB. */
    private static final int MOST = 40;

    private Segments() {}

    /** Returns what makes the packets of a socket's connections; of the usual kind where it is not asked for, or not to be had. */
    static SegmentedDatagramPacketAllocator of(Channel socket, boolean isAskedFor) {
        return isAskedFor && socket instanceof EpollDatagramChannel
                ? EpollQuicUtils.newSegmentedAllocator(MOST)
                : SegmentedDatagramPacketAllocator.NONE;
    }
}
