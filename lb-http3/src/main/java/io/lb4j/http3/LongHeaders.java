package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What stands in the clear of packets with a long header (RFC 9000 §17.2): version and type. Nothing of it is proven. Stateless. */
final class LongHeaders {
    static final int INITIAL = 0;
    static final int ZERO_RTT = 1;
    private static final int HANDSHAKE = 2;

    /** Where the destination's id begins (RFC 9000 §17.2). */
    static final int ID_AT = 6;

    private static final int ID_LENGTH_AT = 5;
    private static final int LONG_HEADER = 0x80;
    private static final int FIXED_BIT = 0x40;
    private static final int VERSION_1 = 1;
    private static final int NONE = -1;
    private static final int VERSION_END = 1 + Integer.BYTES;

    private LongHeaders() {}

    /** Returns whether the first packet of a datagram has a long header. */
    static boolean isFirstIn(ByteBuf datagram) {
        return datagram.isReadable() && (datagram.getByte(datagram.readerIndex()) & LONG_HEADER) != 0;
    }

    /** Returns whether a datagram that begins with a long header begins with a packet of another version than ours. */
    static boolean isOfOtherVersion(ByteBuf datagram) {
        return datagram.readableBytes() < VERSION_END || datagram.getInt(datagram.readerIndex() + 1) != VERSION_1;
    }

    /** Returns whose a datagram is that begins with a long header: the destination's id; null if it ends before. */
    static byte @Nullable [] destinationOf(ByteBuf datagram) {
        int from = datagram.readerIndex();
        int length = datagram.readableBytes() > ID_AT ? datagram.getUnsignedByte(from + ID_LENGTH_AT) : 0;
        return datagram.readableBytes() < ID_AT + length ? null : ByteBufUtil.getBytes(datagram, from + ID_AT, length);
    }

    /**
     * Returns how long a packet of the handshake is, with which a datagram begins that has a long header, where one for the same connection that has a short header comes next: 0 where that is not so.
     */
    static int handshakeBefore(ByteBuf datagram) {
        ByteBuf rest = datagram.duplicate();
        byte[] id = destinationOf(datagram);
        if (id == null || typeOf(rest) != HANDSHAKE || !skipPacket(rest) || rest.readableBytes() <= id.length) {
            return 0;
        }
        int at = rest.readerIndex();
        boolean isShort = (rest.getByte(at) & (LONG_HEADER | FIXED_BIT)) == FIXED_BIT;
        return isShort && ByteBufUtil.equals(rest, at + 1, Unpooled.wrappedBuffer(id), 0, id.length)
                ? at - datagram.readerIndex()
                : 0;
    }

    /** Returns whether one of the packets of a datagram (RFC 9000 §12.2) is of a type. */
    static boolean isIn(ByteBuf datagram, int wanted) {
        if (!isFirstIn(datagram)) {
            return false;
        }
        ByteBuf rest = datagram.duplicate();
        for (int type = typeOf(rest); type != NONE; type = typeOf(rest)) {
            if (type == wanted) {
                return true;
            }
            if (!skipPacket(rest)) {
                return false;
            }
        }
        return false;
    }

    /** Returns the type of the packet that comes first. */
    private static int typeOf(ByteBuf octets) {
        if (octets.readableBytes() <= ID_AT) {
            return NONE;
        }
        int first = octets.getUnsignedByte(octets.readerIndex());
        boolean isLong = (first & LONG_HEADER) != 0 && octets.getInt(octets.readerIndex() + 1) == VERSION_1;
        return isLong ? first >> 4 & 0x3 : NONE;
    }

    private static boolean skipPacket(ByteBuf in) {
        int type = typeOf(in);
        return skip(in, ID_LENGTH_AT)
                && skip(in, in.readUnsignedByte())
                && in.isReadable()
                && skip(in, in.readUnsignedByte())
                && (type != INITIAL || skip(in, Varints.read(in)))
                && skip(in, Varints.read(in));
    }

    private static boolean skip(ByteBuf in, long octets) {
        if (octets < 0 || octets > in.readableBytes()) {
            return false;
        }
        in.skipBytes((int) octets);
        return true;
    }
}
