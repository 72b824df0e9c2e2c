package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Drops datagrams before they cost anything: those that are too short for any packet of ours, on which the codec's dispatcher would fail, and keep
 * their memory; and those too small to begin a connection. Thread-safe.
 */
@ChannelHandler.Sharable
final class PacketGuard extends ChannelInboundHandlerAdapter {
    /**
     * The least that a client sends to begin a connection (RFC 9000 §14.1): of less, three times as much may be too little to answer with, and whoever floods shall
     * send as much as it costs.
     */
    private static final int LEAST_TO_BEGIN_OCTETS = 1_200;

    private final int shortest;
    private final Figures figures;

    /**
     * Creates the guard.
     *
     * @param connectionIdLength the length of ids that were given out here
     */
    PacketGuard(int connectionIdLength, Figures figures) {
        this.shortest = 1 + connectionIdLength;
        this.figures = figures;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        ByteBuf octets = packet.content();
        if (isShort(octets)) {
            drop(packet, Figure.PACKETS_SHORT);
        } else if (isTiny(octets)) {
            drop(packet, Figure.PACKETS_TINY);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void drop(DatagramPacket packet, Figure reason) {
        figures.count(reason);
        packet.release();
    }

    private boolean isShort(ByteBuf octets) {
        return !octets.isReadable() || (octets.readableBytes() < shortest && !LongHeaders.isFirstIn(octets));
    }

    /** One of another version is not worth an answer either (RFC 9000 §5.2.2). */
    private static boolean isTiny(ByteBuf octets) {
        return octets.readableBytes() < LEAST_TO_BEGIN_OCTETS
                && LongHeaders.isFirstIn(octets)
                && (LongHeaders.isOfOtherVersion(octets) || LongHeaders.isIn(octets, LongHeaders.INITIAL));
    }
}
