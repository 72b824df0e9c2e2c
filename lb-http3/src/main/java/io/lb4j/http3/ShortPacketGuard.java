package io.lb4j.http3;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Drops datagrams that are too short for any packet of ours: the codec's dispatcher would fail on them, and keep their memory. Thread-safe.
 */
@ChannelHandler.Sharable
final class ShortPacketGuard extends ChannelInboundHandlerAdapter {
    private static final int SHORT_HEADER_MASK = 0x80; // RFC 9000 §17.3: clear

    private final int shortest;
    private final Figures figures;

    /**
     * Creates the guard.
     *
     * @param connectionIdLength the length of ids that were given out here
     */
    ShortPacketGuard(int connectionIdLength, Figures figures) {
        this.shortest = 1 + connectionIdLength;
        this.figures = figures;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        int length = packet.content().readableBytes();
        boolean isShort = length == 0
                || (length < shortest
                        && (packet.content().getByte(packet.content().readerIndex()) & SHORT_HEADER_MASK) == 0);
        if (isShort) {
            figures.count(Figure.PACKETS_SHORT);
            packet.release();
            return;
        }
        ctx.fireChannelRead(message);
    }
}
