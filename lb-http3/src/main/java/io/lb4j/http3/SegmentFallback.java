package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends packets one by one once the system has refused to take some together: not every device and tunnel does, and which one a packet takes is
 * not known beforehand. What was refused is lost, as packets are, and comes again. Confined to the event loop of its socket.
 */
final class SegmentFallback extends ChannelOutboundHandlerAdapter {
    private static final Logger LOGGER = LoggerFactory.getLogger(SegmentFallback.class);

    private boolean refused;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof SegmentedDatagramPacket packets)) {
            ctx.write(message, promise);
        } else if (refused) {
            writeEach(ctx, packets, promise);
        } else {
            ctx.write(packets, promise.unvoid()).addListener((ChannelFuture sent) -> onSent(ctx, sent));
        }
    }

    private void onSent(ChannelHandlerContext ctx, ChannelFuture sent) {
        boolean isRefusal = !sent.isSuccess() && !(sent.cause() instanceof ClosedChannelException);
        if (isRefusal && !refused) {
            refused = true;
            LOGGER.info(
                    "{}: takes no packets together, so each goes by itself from now on: {}",
                    ctx.channel().localAddress(),
                    String.valueOf(sent.cause()));
        }
    }

    private static void writeEach(ChannelHandlerContext ctx, SegmentedDatagramPacket packets, ChannelPromise promise) {
        InetSocketAddress recipient = packets.recipient();
        ByteBuf octets = packets.content();
        try {
            while (octets.readableBytes() > packets.segmentSize()) {
                ctx.write(new DatagramPacket(octets.readRetainedSlice(packets.segmentSize()), recipient));
            }
            ctx.write(new DatagramPacket(octets.readRetainedSlice(octets.readableBytes()), recipient), promise);
        } finally {
            packets.release();
        }
    }
}
