package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Takes datagrams apart that carry what is behind the handshake behind a packet of it (RFC 9000 §12.2). quiche has no keys for the first any more when the handshake is confirmed,
 * and then throws the whole datagram away: a client that acknowledges the handshake along with its first request would have to send that again. Thread-safe.
 */
@ChannelHandler.Sharable
final class PacketSplitter extends ChannelInboundHandlerAdapter {
    static final PacketSplitter INSTANCE = new PacketSplitter();

    private PacketSplitter() {}

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket datagram = (DatagramPacket) message;
        ByteBuf octets = datagram.content();
        int handshake = LongHeaders.isFirstIn(octets) ? LongHeaders.handshakeBefore(octets) : 0;
        if (handshake == 0) {
            ctx.fireChannelRead(datagram);
            return;
        }
        ctx.fireChannelRead(datagram.replace(octets.readRetainedSlice(handshake)));
        ctx.fireChannelRead(
                datagram.replace(octets.slice())); // the codec reads from index 0 on, whatever the reader's is
    }
}
