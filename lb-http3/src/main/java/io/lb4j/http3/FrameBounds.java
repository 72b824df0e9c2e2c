package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;

/**
 * Follows where frames begin and end on a stream of requests, and finds out that it ends within one: such a message is not whole, and the connection is to end for it
 * (RFC 9114 §7.1). The codec takes it for whole. Stands before the codec; confined to the event loop.
 */
final class FrameBounds extends ChannelInboundHandlerAdapter {
    private final Runnable onCut;
    private long left; // octets of the payload that is being read
    private boolean isLength; // rather than a type is the integer that is being read, or comes next
    private int integerLeft; // octets of it
    private long integer;
    private boolean failed; // what is reset may end anywhere
    private boolean cut;

    /**
     * Creates it.
     *
     * @param onCut runs where the stream has ended within a frame; its end is told to nobody else
     */
    FrameBounds(Runnable onCut) {
        this.onCut = onCut;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf octets = (ByteBuf) message;
        int end = octets.writerIndex();
        for (int at = octets.readerIndex(); at < end; ) {
            if (left > 0) {
                long skipped = Math.min(left, end - at);
                left -= skipped;
                at += (int) skipped;
            } else {
                onOctet(octets.getByte(at));
                at++;
            }
        }
        ctx.fireChannelRead(message);
    }

    private void onOctet(byte octet) {
        if (integerLeft == 0) {
            integerLeft = Varints.lengthBy(octet);
            integer = octet & 0x3f;
        } else {
            integer = integer << 8 | (octet & 0xff);
        }
        integerLeft--;
        if (integerLeft == 0) {
            left = isLength ? integer : 0;
            isLength = !isLength;
        }
    }

    private boolean isWithinFrame() {
        return left > 0 || integerLeft > 0 || isLength;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed = true;
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean isEnd = event == ChannelInputShutdownEvent.INSTANCE;
        if (isEnd && !failed && isWithinFrame()) {
            cut = true;
            onCut.run();
        }
        boolean tellsOfEnd = isEnd || event == ChannelInputShutdownReadComplete.INSTANCE;
        if (!cut || !tellsOfEnd) {
            ctx.fireUserEventTriggered(event);
        }
    }
}
