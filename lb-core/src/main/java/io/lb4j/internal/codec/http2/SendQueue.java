package io.lb4j.internal.codec.http2;

import io.lb4j.http.Fields;
import io.lb4j.internal.loop.Footprint;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on a stream: pieces of data, then perhaps trailers, then perhaps the end. What has not gone out by the end of the
 * turn in which it came may wait for long, and is then gathered where it keeps more memory alive than it needs. Confined to an event loop.
 */
final class SendQueue {
    /** Pieces up to this size are gathered at once, however soon they go out. */
    private static final int SMALL_OCTETS = 1_024;

    private static final int GATHERED_OCTETS = 4_096;

    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(4);
    private int octets;
    private int fresh; // how many of the last pieces are as they came, in the turn noted
    private int freshTurn;
    private @Nullable ByteBuf gathered; // the last piece, if that is a buffer of ours which takes more
    private boolean end;
    private @Nullable Fields trailers;

    /** Returns how many octets wait. */
    int octets() {
        return octets;
    }

    /**
     * Takes over a piece.
     *
     * @param turn tells the turns of the loop apart
     */
    void add(ByteBuf data, int turn) {
        int length = data.readableBytes();
        if (length == 0) {
            data.release();
            return;
        }
        if (turn != freshTurn) {
            freshTurn = turn;
            gatherFresh();
        }
        octets += length;
        ByteBuf last = gathered;
        if (last == null && length <= SMALL_OCTETS && !pieces.isEmpty()) {
            last = data.alloc().directBuffer(GATHERED_OCTETS, GATHERED_OCTETS);
            pieces.add(last);
            gathered = last;
            fresh++;
        }
        if (last != null && length <= Math.min(SMALL_OCTETS, last.writableBytes())) {
            last.writeBytes(data);
            data.release();
            return;
        }
        gathered = null;
        pieces.add(data);
        fresh++;
    }

    /** Puts the pieces of an earlier turn into one buffer, unless they fill what they are slices of. */
    private void gatherFresh() {
        int count = fresh;
        fresh = 0;
        if (count == 0 || pieces.isEmpty()) {
            return;
        }
        ByteBuf[] last = new ByteBuf[Math.min(count, pieces.size())];
        int length = 0;
        int kept = 0;
        ByteBuf root = null;
        for (int i = last.length - 1; i >= 0; i--) {
            ByteBuf piece = pieces.removeLast();
            last[i] = piece;
            length += piece.readableBytes();
            ByteBuf itsRoot = Footprint.rootOf(piece);
            if (itsRoot != root) {
                root = itsRoot;
                kept += root.capacity();
            }
        }
        if (Footprint.isTight(length, kept)) {
            for (ByteBuf piece : last) {
                pieces.add(piece);
            }
            return;
        }
        int capacity = length <= SMALL_OCTETS ? GATHERED_OCTETS : length; // with room for more of the kind
        ByteBuf together = last[0].alloc().directBuffer(capacity, capacity);
        for (ByteBuf piece : last) {
            together.writeBytes(piece);
            piece.release();
        }
        pieces.add(together);
        gathered = together;
    }

    /** The message ends behind what waits. */
    void end() {
        end = true;
    }

    /** The message ends with trailers. */
    void end(Fields last) {
        trailers = last;
    }

    /** Returns whether the last piece of data ends the message. */
    boolean endsWithData() {
        return end;
    }

    /** Returns the trailers that follow the last piece of data, or null. */
    @Nullable Fields trailers() {
        return trailers;
    }

    /** Writes some octets, as the payload of a DATA frame that has been begun. */
    void writeTo(FrameWriter writer, int count) {
        octets -= count;
        int left = count;
        while (left > 0) {
            ByteBuf piece = pieces.element();
            int part = Math.min(left, piece.readableBytes());
            left -= part;
            if (part == piece.readableBytes()) {
                pieces.remove();
                if (piece == gathered) {
                    gathered = null;
                }
                writer.payload(piece);
            } else {
                writer.payload(piece.readRetainedSlice(part));
            }
        }
    }

    /** Lets go of everything. */
    void release() {
        octets = 0;
        gathered = null;
        for (ByteBuf piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            piece.release();
        }
    }
}
