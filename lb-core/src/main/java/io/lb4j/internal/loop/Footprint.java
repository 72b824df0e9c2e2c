package io.lb4j.internal.loop;

import io.netty.buffer.ByteBuf;

/**
 * How much memory data keeps alive while it has to wait. A piece of a body is a slice of what was read, or a buffer that the reading did not
 * fill: a few octets may hold on to many. What waits for long is therefore copied where it is small in comparison. Stateless.
 */
public final class Footprint {
    private Footprint() {}

    /** Returns the buffer that a piece is a part of; the piece itself where it is none. */
    public static ByteBuf rootOf(ByteBuf data) {
        ByteBuf root = data;
        for (ByteBuf outer = root.unwrap(); outer != null; outer = root.unwrap()) {
            root = outer;
        }
        return root;
    }

    /** Returns whether so many octets use what they keep alive well: all of it but an eighth. */
    public static boolean isTight(long octets, long kept) {
        return octets >= kept - (kept >> 3);
    }
}
