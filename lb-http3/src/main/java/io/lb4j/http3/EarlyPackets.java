package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/**
 * Sees which clients send packets of 0-RTT (RFC 9000 §17.2.3): the codec does not tell of those that it refuses. What stands in the clear of the
 * packets is all that is looked at, and nothing but counts depends on it. Confined to the event loop of its socket.
 */
final class EarlyPackets extends ChannelInboundHandlerAdapter {
    private static final int LONG_HEADER = 0x80;
    private static final int VERSION_1 = 1;
    private static final int INITIAL = 0;
    private static final int ZERO_RTT = 1;

    private final Http3Loop loop;

    EarlyPackets(Http3Loop loop) {
        this.loop = loop;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        boolean isEarly = isIn(packet.content());
        InetSocketAddress sender = packet.sender();
        ctx.fireChannelRead(message);
        if (isEarly) {
            loop.onEarlyPackets(sender); // behind the packet itself, which may begin the connection
        }
    }

    /** Returns whether one of the packets of a datagram (RFC 9000 §12.2) is of 0-RTT. */
    static boolean isIn(ByteBuf datagram) {
        if (!datagram.isReadable() || (datagram.getByte(datagram.readerIndex()) & LONG_HEADER) == 0) {
            return false;
        }
        ByteBuf rest = datagram.duplicate();
        while (rest.readableBytes() > 6) { // type, version and the length of an id
            int first = rest.readUnsignedByte();
            int type = first >> 4 & 0x3;
            if ((first & LONG_HEADER) == 0 || rest.readInt() != VERSION_1) {
                return false;
            }
            if (type == ZERO_RTT) {
                return true;
            }
            boolean isSkipped = skip(rest, rest.readUnsignedByte())
                    && rest.isReadable()
                    && skip(rest, rest.readUnsignedByte())
                    && (type != INITIAL || skip(rest, Varints.read(rest)))
                    && skip(rest, Varints.read(rest));
            if (!isSkipped) {
                return false;
            }
        }
        return false;
    }

    private static boolean skip(ByteBuf in, long octets) {
        if (octets < 0 || octets > in.readableBytes()) {
            return false;
        }
        in.skipBytes((int) octets);
        return true;
    }
}
