package io.lb4j.http3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/**
 * Sees which clients send packets of 0-RTT (RFC 9000 §17.2.3): the codec does not tell of those that it refuses. What stands in the clear of the
 * packets is all that is looked at, and nothing but counts depends on it. Confined to the event loop of its socket.
 */
final class EarlyPackets extends ChannelInboundHandlerAdapter {
    private final Http3Loop loop;

    EarlyPackets(Http3Loop loop) {
        this.loop = loop;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        boolean isEarly = LongHeaders.isIn(packet.content(), LongHeaders.ZERO_RTT);
        InetSocketAddress sender = packet.sender();
        ctx.fireChannelRead(message);
        if (isEarly) {
            loop.onEarlyPackets(sender); // behind the packet itself, which may begin the connection
        }
    }
}
