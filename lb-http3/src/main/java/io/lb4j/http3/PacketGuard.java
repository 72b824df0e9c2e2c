package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Drops datagrams before they cost anything: those that are too short for any packet of ours; and those too small to begin a connection. On what has no whole id the
 * codec's dispatcher would fail, and keep its memory. What is a little longer, and cannot be opened either, quiche would still count among what came from an address: a
 * few octets, for which it would go on trying to send a challenge that is larger, and nothing else. Thread-safe.
 */
@ChannelHandler.Sharable
final class PacketGuard extends ChannelInboundHandlerAdapter {
    /**
     * The least that a client sends to begin a connection (RFC 9000 §14.1): of less, three times as much may be too little to answer with, and whoever floods shall
     * send as much as it costs.
     */
    private static final int LEAST_TO_BEGIN_OCTETS = 1_200;

    /** Behind the id there are at least four octets before those by which the header is protected, which are sixteen (RFC 9001 §5.4.2). */
    private static final int LEAST_BEHIND_ID = 4 + 16;

    private final int shortest;
    private final Figures figures;

    /**
     * Creates the guard.
     *
     * @param connectionIdLength the length of ids that were given out here
     */
    PacketGuard(int connectionIdLength, Figures figures) {
        this.shortest = 1 + connectionIdLength + LEAST_BEHIND_ID;
        this.figures = figures;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf octets = packet.content();
        if (isTiny(octets)) {
            drop(packet, Figure.PACKETS_TINY);
        } else if (octets.readableBytes() < shortest) {
            drop(packet, Figure.PACKETS_SHORT);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void drop(DatagramPacket packet, Figure reason) {
        figures.count(reason);
        packet.release();
    }

    /** One of another version is not worth an answer either (RFC 9000 §5.2.2). */
    private static boolean isTiny(ByteBuf octets) {
        return octets.readableBytes() < LEAST_TO_BEGIN_OCTETS
                && LongHeaders.isFirstIn(octets)
                && (LongHeaders.isOfOtherVersion(octets) || LongHeaders.isIn(octets, LongHeaders.INITIAL));
    }
}
