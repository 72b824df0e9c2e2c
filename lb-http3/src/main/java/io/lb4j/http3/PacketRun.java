package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Packets for one peer, in the order in which they were written, all of one size but the last, which may be smaller: what the kernel takes in one
 * piece (UDP_SEGMENT). Owns the packets until they are written. Confined to an event loop.
 */
final class PacketRun {
    /** The kernel takes no more segments at once. */
    private static final int MOST_PACKETS = 64;

    /** Less than a datagram of IP takes. */
    private static final int MOST_OCTETS = 64_000;

    private final List<DatagramPacket> packets = new ArrayList<>();
    private final List<ChannelPromise> promises = new ArrayList<>();
    private int segmentOctets;
    private int octets;
    private boolean complete;

    int size() {
        return packets.size();
    }

    /** Returns whether a packet can be the next. */
    boolean takes(DatagramPacket packet) {
        if (packets.isEmpty()) {
            return true;
        }
        int length = packet.content().readableBytes();
        return !complete
                && length > 0
                && length <= segmentOctets
                && packets.size() < MOST_PACKETS
                && octets + length <= MOST_OCTETS
                && packet.recipient().equals(recipient());
    }

    /** Adds a packet that it takes. */
    void add(DatagramPacket packet, ChannelPromise promise) {
        int length = packet.content().readableBytes();
        if (packets.isEmpty()) {
            segmentOctets = length;
        }
        complete = length < segmentOctets;
        octets += length;
        packets.add(packet);
        promises.add(promise);
    }

    private InetSocketAddress recipient() {
        return packets.get(0).recipient();
    }

    /**
     * Returns all packets as one, and keeps them: they are to be {@link #succeed taken}, {@link #fail lost} or {@link #writeEach written} yet.
     *
     * @return to be released by whom it is handed to
     */
    SegmentedDatagramPacket joined() {
        ByteBuf[] contents = new ByteBuf[packets.size()];
        for (int i = 0; i < contents.length; i++) {
            contents[i] = packets.get(i).content().retain();
        }
        return new SegmentedDatagramPacket(
                Unpooled.wrappedBuffer(contents.length, contents), segmentOctets, recipient());
    }

    /** Writes each packet by itself; the run is empty then, and may be used again. */
    void writeEach(ChannelHandlerContext ctx) {
        for (int i = 0; i < packets.size(); i++) {
            ctx.write(packets.get(i), promises.get(i));
        }
        clear();
    }

    /** Tells of the packets that they were sent. */
    void succeed() {
        packets.forEach(DatagramPacket::release);
        List<ChannelPromise> sent = List.copyOf(promises);
        clear();
        sent.forEach(ChannelPromise::trySuccess);
    }

    /** Tells of the packets that they are lost. */
    void fail(Throwable cause) {
        packets.forEach(DatagramPacket::release);
        List<ChannelPromise> lost = List.copyOf(promises);
        clear();
        lost.forEach(promise -> promise.tryFailure(cause));
    }

    private void clear() {
        packets.clear();
        promises.clear();
        segmentOctets = 0;
        octets = 0;
        complete = false;
    }
}
