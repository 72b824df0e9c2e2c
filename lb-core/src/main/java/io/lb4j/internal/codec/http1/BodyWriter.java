package io.lb4j.internal.codec.http1;

import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;

/**
 * Frames a body (RFC 9112 §6 and §7.1). It never lets a body look whole that is not: what goes beyond a declared length, or ends
 * before it, is refused, and the caller then cuts the connection.
 *
 * <p>Confined to its connection's event loop; used again for each message.
 */
final class BodyWriter {
    private static final byte[] LAST_CHUNK = HeadWriter.ascii("0\r\n\r\n");
    private static final byte[] TRAILERS_FOLLOW = HeadWriter.ascii("0\r\n");
    private static final byte[] DIGITS = HeadWriter.ascii("0123456789abcdef");
    private static final int MAX_SIZE_LINE = 10;
    private static final int CRLF = '\r' << 8 | '\n';

    private final WireOutput output;
    private final HeadWriter heads;
    private BodyKind kind = BodyKind.NONE;
    private long remaining;

    BodyWriter(WireOutput output, HeadWriter heads) {
        this.output = output;
        this.heads = heads;
    }

    /**
     * Begins with a body; one of kind {@link BodyKind#NONE} takes data and drops it.
     *
     * @param length where that is the kind, its length
     */
    void start(BodyKind newKind, long length) {
        kind = newKind;
        remaining = newKind == BodyKind.LENGTH ? length : 0;
    }

    BodyKind kind() {
        return kind;
    }

    /** Returns what is missing of a body whose length was declared. */
    long remaining() {
        return remaining;
    }

    /**
     * Writes a piece.
     *
     * @param data taken over
     * @return false if it does not fit the declared length; then it was dropped
     */
    boolean write(ByteBuf data, boolean end) {
        int length = data.readableBytes();
        if (kind == BodyKind.LENGTH) {
            if (length > remaining || (end && length < remaining)) {
                data.release();
                return false;
            }
            remaining -= length;
        }
        if (kind == BodyKind.NONE) {
            data.release();
            return true;
        }
        if (kind != BodyKind.CHUNKED) {
            output.write(data);
            return true;
        }
        writeChunk(data, length, end);
        return true;
    }

    /**
     * Ends the body with trailers, which only chunks can carry (RFC 9110 §6.5); elsewhere they are dropped.
     *
     * @return false if the body is shorter than declared
     */
    boolean writeTrailers(Fields trailers) {
        if (kind == BodyKind.CHUNKED) {
            output.room(TRAILERS_FOLLOW.length).writeBytes(TRAILERS_FOLLOW);
            heads.trailers(trailers);
            heads.endTo(output);
        }
        return remaining == 0;
    }

    private void writeChunk(ByteBuf data, int length, boolean end) {
        if (length > 0) {
            ByteBuf room = output.room(MAX_SIZE_LINE);
            int shift = (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length)) & ~3;
            for (; shift >= 0; shift -= 4) {
                room.writeByte(DIGITS[(length >>> shift) & 0xf]);
            }
            room.writeShort(CRLF);
            output.write(data);
            output.room(end ? 2 + LAST_CHUNK.length : 2).writeShort(CRLF);
        } else {
            data.release();
        }
        if (end) {
            output.room(LAST_CHUNK.length).writeBytes(LAST_CHUNK);
        }
    }
}
