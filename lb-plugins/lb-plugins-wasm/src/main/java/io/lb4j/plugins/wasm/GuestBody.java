package io.lb4j.plugins.wasm;

import io.lb4j.spi.BodyPart;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What there is of a body, as guests see and change it: during the callback, and after a pause at the body's end until it goes on. Confined to the
 * exchange's event loop.
 */
final class GuestBody {
    private static final int MOST_OCTETS = 16 << 20;

    private ByteBuf content = Unpooled.EMPTY_BUFFER; // of the part, whose owner is core
    private byte @Nullable [] edited; // takes the place of what the guest sees
    private boolean open;
    private boolean waiting; // the content is of this object's making, and lies at core's gate

    /** Shows a piece. */
    void show(BodyPart part) {
        content = part.content();
        edited = null;
        open = true;
        waiting = false;
    }

    boolean isOpen() {
        return open && content.refCnt() > 0;
    }

    int size() {
        return edited == null ? content.readableBytes() : edited.length;
    }

    /** Returns a copy of a range, which lies within the body. */
    byte[] copy(int from, int length) {
        byte[] target = new byte[length];
        if (edited == null) {
            content.getBytes(content.readerIndex() + from, target);
        } else {
            System.arraycopy(edited, from, target, 0, length);
        }
        return target;
    }

    /** Puts octets in the place of a range, which is cut to what there is; returns false if there would be too many. */
    boolean replace(long rangeStart, long length, byte[] octets) {
        int size = size();
        int from = (int) Math.min(rangeStart, size);
        int to = (int) Math.min(rangeStart + length, size);
        if ((long) from + octets.length + size - to > MOST_OCTETS) {
            return false;
        }
        byte[] result = new byte[from + octets.length + size - to];
        System.arraycopy(copy(0, from), 0, result, 0, from);
        System.arraycopy(octets, 0, result, from, octets.length);
        System.arraycopy(copy(to, size - to), 0, result, from + octets.length, size - to);
        edited = result;
        return true;
    }

    /** The callback is over: the piece goes on, or is shown again with more. */
    void settle(BodyPart part) {
        exchange(part);
        close();
    }

    /** The callback is over, and the whole body waits: it can be changed on. */
    void settleWaiting(BodyPart part) {
        exchange(part);
        ByteBuf own = Unpooled.buffer(Math.max(1, part.content().readableBytes()));
        own.writeBytes(
                part.content(), part.content().readerIndex(), part.content().readableBytes());
        part.replace(own);
        content = own;
        waiting = true;
    }

    /** Puts what the guest has made of a piece in its place. */
    private void exchange(BodyPart part) {
        byte[] changed = edited;
        if (changed != null) {
            part.replace(Unpooled.wrappedBuffer(changed));
            edited = null;
        }
    }

    /** The guest lets go on what waits, as it has changed it. */
    void letGo() {
        byte[] changed = edited;
        if (waiting && changed != null && content.refCnt() > 0) {
            content.writerIndex(content.readerIndex()).writeBytes(changed);
        }
        close();
    }

    /** From now on it is another's. */
    void close() {
        open = false;
        waiting = false;
        content = Unpooled.EMPTY_BUFFER;
        edited = null;
    }
}
