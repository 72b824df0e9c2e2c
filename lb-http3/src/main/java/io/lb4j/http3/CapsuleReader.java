package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Tells where capsules begin and end in octets that come in any pieces (RFC 9297 §3.2). Confined to the event loop. */
final class CapsuleReader {
    private final ByteBuf header = Unpooled.buffer(2 * Varints.MOST_OCTETS, 2 * Varints.MOST_OCTETS);
    private boolean complete; // the header is that of the capsule whose value comes
    private long type;
    private long length;
    private long left; // octets of the value

    /** Returns whether no capsule is under way. */
    boolean isAtBoundary() {
        return left == 0 && (complete || !header.isReadable());
    }

    /** Returns whether octets of a value come next. */
    boolean isInValue() {
        return left > 0;
    }

    long type() {
        return type;
    }

    long length() {
        return length;
    }

    /** Returns a copy of the header, which the caller releases. */
    ByteBuf header() {
        return header.copy();
    }

    /** Reads an octet of a header; returns whether it is whole with it. */
    boolean readHeader(ByteBuf data) {
        if (complete) {
            complete = false;
            header.clear();
        }
        header.writeByte(data.readByte());
        ByteBuf seen = header.duplicate();
        type = Varints.read(seen);
        length = type < 0 ? -1 : Varints.read(seen);
        complete = length >= 0;
        left = complete ? length : 0;
        return complete;
    }

    /** Takes as many octets as belong to the value; returns how many. */
    int takeValue(int available) {
        int taken = (int) Math.min(left, available);
        left -= taken;
        return taken;
    }
}
