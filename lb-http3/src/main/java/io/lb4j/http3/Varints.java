package io.lb4j.http3;

import io.netty.buffer.ByteBuf;

/** Integers of variable length (RFC 9000 §16). */
final class Varints {
    /** The greatest there is. */
    static final long MOST = (1L << 62) - 1;

    static final int MOST_OCTETS = 8;

    private Varints() {}

    /** Reads one; returns less than 0, and reads nothing, where it is not whole. */
    static long read(ByteBuf in) {
        if (!in.isReadable()) {
            return -1;
        }
        int first = in.getByte(in.readerIndex());
        int octets = lengthBy(first);
        if (in.readableBytes() < octets) {
            return -1;
        }
        long value = in.readByte() & 0x3f;
        for (int i = 1; i < octets; i++) {
            value = value << 8 | in.readUnsignedByte();
        }
        return value;
    }

    /** Returns how many octets one has that begins so. */
    static int lengthBy(int first) {
        return 1 << ((first & 0xff) >> 6);
    }

    static int length(long value) {
        return value < 1L << 6 ? 1 : value < 1L << 14 ? 2 : value < 1L << 30 ? 4 : 8;
    }

    static void write(ByteBuf out, long value) {
        int octets = length(value);
        int prefix = Integer.numberOfTrailingZeros(octets) << 6;
        int shift = (octets - 1) * 8;
        out.writeByte((int) (value >> shift) | prefix);
        while (shift > 0) {
            shift -= 8;
            out.writeByte((int) (value >> shift));
        }
    }
}
