package io.lb4j.internal.codec.http2;

import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What waits to be sent on a stream: pieces of data, then perhaps trailers, then perhaps the end. Confined to an event loop. */
final class SendQueue {
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(4);
    private int octets;
    private boolean end;
    private @Nullable Fields trailers;

    /** Returns how many octets wait. */
    int octets() {
        return octets;
    }

    /** Takes over a piece. */
    void add(ByteBuf data) {
        if (!data.isReadable()) {
            data.release();
            return;
        }
        octets += data.readableBytes();
        pieces.add(data);
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
                writer.payload(piece);
            } else {
                writer.payload(piece.readRetainedSlice(part));
            }
        }
    }

    /** Lets go of everything. */
    void release() {
        octets = 0;
        for (ByteBuf piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            piece.release();
        }
    }
}
