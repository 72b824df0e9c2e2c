package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** What stands in the clear of packets with a long header (RFC 9000 §17.2): version and type. Nothing of it is proven. Stateless. */
final class LongHeaders {
    static final int INITIAL = 0;
    static final int ZERO_RTT = 1;

    /** Where the destination's id begins (RFC 9000 §17.2). */
    static final int ID_AT = 6;

    private static final int ID_LENGTH_AT = 5;
    private static final int LONG_HEADER = 0x80;
    private static final int VERSION_1 = 1;
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

    /** Returns whether one of the packets of a datagram (RFC 9000 §12.2) is of a type. */
    static boolean isIn(ByteBuf datagram, int wanted) {
        if (!isFirstIn(datagram)) {
            return false;
        }
        ByteBuf rest = datagram.duplicate();
        while (rest.readableBytes() > 6) { // type, version and the length of an id
            int first = rest.readUnsignedByte();
            int type = first >> 4 & 0x3;
            if ((first & LONG_HEADER) == 0 || rest.readInt() != VERSION_1) {
                return false;
            }
            if (type == wanted) {
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
