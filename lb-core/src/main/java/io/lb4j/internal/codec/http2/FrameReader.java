package io.lb4j.internal.codec.http2;

import static io.lb4j.internal.codec.http2.ErrorCode.ENHANCE_YOUR_CALM;
import static io.lb4j.internal.codec.http2.ErrorCode.FRAME_SIZE_ERROR;
import static io.lb4j.internal.codec.http2.ErrorCode.PROTOCOL_ERROR;
import static io.lb4j.internal.codec.http2.FrameType.CONTINUATION;
import static io.lb4j.internal.codec.http2.FrameType.DATA;
import static io.lb4j.internal.codec.http2.FrameType.FLAG_ACK;
import static io.lb4j.internal.codec.http2.FrameType.FLAG_END_HEADERS;
import static io.lb4j.internal.codec.http2.FrameType.FLAG_END_STREAM;
import static io.lb4j.internal.codec.http2.FrameType.FLAG_PADDED;
import static io.lb4j.internal.codec.http2.FrameType.FLAG_PRIORITY;
import static io.lb4j.internal.codec.http2.FrameType.HEADERS;
import static io.lb4j.internal.codec.http2.FrameType.HEADER_OCTETS;
import static io.lb4j.internal.codec.http2.FrameType.SETTINGS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the connection's octets apart into frames, however they were split on the way. DATA is passed on piece by piece as it
 * arrives; all other frames are gathered first, header blocks together with their CONTINUATION frames.
 *
 * <p>Confined to the event loop of its connection. After a {@link Http2Error} of a stream reading goes on with the next frame.
 */
final class FrameReader {
    /** What a client sends first (RFC 9113 §3.4). */
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int INITIAL_OCTETS = 1_024;
    private static final int LARGE_OCTETS = 16_384;
    private static final int LAST_KNOWN_TYPE = CONTINUATION;
    /** Data up to this size is copied out, lest a few octets keep the whole buffer that they came in. */
    private static final int COPIED_OCTETS = 512;

    private enum State {
        PREFACE,
        HEADER,
        PAYLOAD,
        PAD_LENGTH,
        DATA,
        SKIPPED
    }

    /** Takes what was read. */
    interface Frames {
        /** Any frame but DATA, HEADERS and CONTINUATION; the payload is valid during the call. */
        void onFrame(int type, int flags, int streamId, byte[] payload, int start, int length) throws Http2Error;

        /** An unknown frame, which has been skipped. */
        void onUnknownFrame() throws Http2Error;

        /** A whole header block; it is valid during the call. */
        void onHeaderBlock(HeaderBlock block) throws Http2Error;

        /** A header block has begun without ending in the same frame. */
        void onOpenBlock();

        /**
         * A DATA frame begins.
         *
         * @param flowOctets its length with padding, as flow control counts it
         * @param dataOctets its length without padding
         * @return whether its data is wanted
         */
        boolean onDataFrame(int streamId, int flowOctets, int dataOctets, boolean end) throws Http2Error;

        /** A piece of the DATA frame's data, handed over; the last one may be empty. */
        void onDataPiece(int streamId, ByteBuf data, boolean end);
    }

    private final Frames frames;
    private final Http2Limits limits;
    private final HeaderBlock block = new HeaderBlock();
    private State state;
    private boolean beforeFirstFrame = true;
    private int continuations;

    // The frame under way.
    private final byte[] header = new byte[HEADER_OCTETS];
    private int filled; // octets of the preface, of the header or of the payload
    private int length;
    private int type;
    private int flags;
    private int streamId;
    private byte[] payload = new byte[INITIAL_OCTETS];
    private int payloadStart;
    private boolean stopped;
    private int dataLeft;
    private int skippedLeft;

    FrameReader(Frames frames, Http2Limits limits, boolean isServer) {
        this.frames = frames;
        this.limits = limits;
        state = isServer ? State.PREFACE : State.HEADER;
    }

    /** Reads until a fault is found or nothing is left. */
    void read(ByteBuf in) throws Http2Error {
        while (in.isReadable() && !stopped) {
            switch (state) {
                case PREFACE -> readPreface(in);
                case HEADER -> readHeader(in);
                case PAYLOAD -> readPayload(in);
                case PAD_LENGTH -> readPadLength(in);
                case DATA -> readData(in);
                case SKIPPED -> skip(in);
            }
        }
    }

    /** Reads nothing more. */
    void stop() {
        stopped = true;
    }

    /** Returns whether a header block has begun and not ended. */
    boolean isWithinBlock() {
        return block.isOpen();
    }

    private void readPreface(ByteBuf in) throws Http2Error {
        while (in.isReadable() && filled < PREFACE.length) {
            if (in.readByte() != PREFACE[filled++]) {
                throw Http2Error.connection(PROTOCOL_ERROR, "connection preface: wrong at octet " + filled);
            }
        }
        if (filled == PREFACE.length) {
            awaitFrame();
        }
    }

    private void readHeader(ByteBuf in) throws Http2Error {
        if (filled == 0 && in.readableBytes() >= HEADER_OCTETS) {
            int lengthAndType = in.readInt();
            begin(lengthAndType >>> 8, lengthAndType & 0xff, in.readUnsignedByte(), in.readInt());
            return;
        }
        int part = Math.min(in.readableBytes(), HEADER_OCTETS - filled);
        in.readBytes(header, filled, part);
        filled += part;
        if (filled == HEADER_OCTETS) {
            begin(
                    (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff),
                    header[3] & 0xff,
                    header[4] & 0xff,
                    Octets.int32(header, 5));
        }
    }

    private void begin(int newLength, int newType, int newFlags, int newStreamId) throws Http2Error {
        length = newLength;
        type = newType;
        flags = newFlags;
        streamId = newStreamId & FrameType.MAX_31_BITS;
        filled = 0;
        if (length > limits.windows().maxFrameOctets()) {
            throw Http2Error.connection(
                    FRAME_SIZE_ERROR,
                    "frame length: " + length + " (expected: <= "
                            + limits.windows().maxFrameOctets() + ")");
        }
        requireOrder();
        if (type == DATA) {
            beginData();
            return;
        }
        if (type > LAST_KNOWN_TYPE) {
            skipFrame(length);
            frames.onUnknownFrame();
            return;
        }
        payloadStart = type == CONTINUATION ? block.end() : 0;
        reservePayload();
        state = State.PAYLOAD;
        if (length == 0) {
            finish();
        }
    }

    private void requireOrder() throws Http2Error {
        if (beforeFirstFrame && (type != SETTINGS || (flags & FLAG_ACK) != 0)) {
            // RFC 9113 §3.4: the preface ends with SETTINGS
            throw Http2Error.connection(PROTOCOL_ERROR, "first frame's type: " + type + " (expected: 4, SETTINGS)");
        }
        beforeFirstFrame = false;
        boolean continues = type == CONTINUATION;
        if (block.isOpen() != continues || (continues && streamId != block.streamId())) {
            throw Http2Error.connection(
                    PROTOCOL_ERROR,
                    "frame of type " + type + " on stream " + streamId + " (expected: "
                            + (block.isOpen() ? "CONTINUATION on stream " + block.streamId() : "no CONTINUATION")
                            + ")");
        }
        if (continues) {
            continuations++;
            requireBounded(block.length() + length);
        } else if (type == HEADERS) {
            continuations = 0;
            requireBounded(length);
        }
    }

    private void requireBounded(int octets) throws Http2Error {
        int most = limits.heads().maxContinuations();
        if (continuations > most) {
            throw Http2Error.connection(ENHANCE_YOUR_CALM, "CONTINUATION frames of one block: more than " + most);
        }
        if (octets > limits.heads().maxBlockOctets()) {
            throw Http2Error.connection(
                    ENHANCE_YOUR_CALM,
                    "header block: " + octets + " octets (expected: <= "
                            + limits.heads().maxBlockOctets() + ")");
        }
    }

    private void readPayload(ByteBuf in) throws Http2Error {
        int part = Math.min(in.readableBytes(), length - filled);
        in.readBytes(payload, payloadStart + filled, part);
        filled += part;
        if (filled == length) {
            finish();
        }
    }

    private void finish() throws Http2Error {
        awaitFrame();
        switch (type) {
            case HEADERS -> finishHeaders();
            case CONTINUATION -> {
                block.append(length);
                finishBlock();
            }
            default -> frames.onFrame(type, flags, streamId, payload, 0, length);
        }
    }

    private void finishHeaders() throws Http2Error {
        if (streamId == 0) {
            throw Http2Error.connection(PROTOCOL_ERROR, "HEADERS on stream 0 (expected: > 0)");
        }
        int start = 0;
        int padding = 0;
        boolean dependsOnItself = false;
        if ((flags & FLAG_PADDED) != 0) {
            requireLength(1);
            padding = payload[0] & 0xff;
            start = 1;
        }
        if ((flags & FLAG_PRIORITY) != 0) {
            requireLength(start + 5);
            dependsOnItself = (Octets.int32(payload, start) & FrameType.MAX_31_BITS) == streamId;
            start += 5;
        }
        if (start + padding > length) {
            throw Http2Error.connection(
                    PROTOCOL_ERROR, "padding: " + padding + " (expected: <= " + (length - start) + ")");
        }
        block.begin(streamId, (flags & FLAG_END_STREAM) != 0, dependsOnItself, start, length - padding);
        finishBlock();
    }

    private void requireLength(int least) throws Http2Error {
        if (length < least) {
            throw Http2Error.connection(
                    FRAME_SIZE_ERROR, "HEADERS length: " + length + " (expected: >= " + least + ")");
        }
    }

    private void finishBlock() throws Http2Error {
        if ((flags & FLAG_END_HEADERS) == 0) {
            block.open();
            frames.onOpenBlock();
            return;
        }
        block.close(payload);
        frames.onHeaderBlock(block);
        if (payload.length > LARGE_OCTETS) {
            payload = new byte[INITIAL_OCTETS];
        }
    }

    private void beginData() throws Http2Error {
        if (streamId == 0) {
            throw Http2Error.connection(PROTOCOL_ERROR, "DATA on stream 0 (expected: > 0)");
        }
        if ((flags & FLAG_PADDED) == 0) {
            beginData(length, 0);
            return;
        }
        if (length == 0) {
            throw Http2Error.connection(FRAME_SIZE_ERROR, "padded DATA: no octet (expected: a pad length)");
        }
        state = State.PAD_LENGTH;
    }

    private void readPadLength(ByteBuf in) throws Http2Error {
        int padding = in.readUnsignedByte();
        int rest = length - 1;
        if (padding > rest) {
            throw Http2Error.connection(PROTOCOL_ERROR, "padding: " + padding + " (expected: <= " + rest + ")");
        }
        beginData(rest - padding, padding);
    }

    private void beginData(int dataOctets, int padding) throws Http2Error {
        boolean end = (flags & FLAG_END_STREAM) != 0;
        skipFrame(dataOctets + padding); // unless the data is wanted
        if (!frames.onDataFrame(streamId, length, dataOctets, end)) {
            return;
        }
        dataLeft = dataOctets;
        skipFrame(padding);
        if (dataOctets > 0) {
            state = State.DATA;
            return;
        }
        frames.onDataPiece(streamId, Unpooled.EMPTY_BUFFER, end);
    }

    private void readData(ByteBuf in) {
        int part = Math.min(in.readableBytes(), dataLeft);
        dataLeft -= part;
        boolean last = dataLeft == 0;
        if (last) {
            skipFrame(skippedLeft);
        }
        ByteBuf piece = part > COPIED_OCTETS
                ? in.readRetainedSlice(part)
                : in.alloc().buffer(part, part).writeBytes(in, part);
        frames.onDataPiece(streamId, piece, last && (flags & FLAG_END_STREAM) != 0);
    }

    private void skip(ByteBuf in) {
        int part = Math.min(in.readableBytes(), skippedLeft);
        in.skipBytes(part);
        skipFrame(skippedLeft - part);
    }

    /** Skips what is left of the frame, if anything is. */
    private void skipFrame(int octets) {
        skippedLeft = octets;
        filled = 0;
        state = octets > 0 ? State.SKIPPED : State.HEADER;
    }

    private void awaitFrame() {
        skipFrame(0);
    }

    private void reservePayload() {
        int needed = payloadStart + length;
        if (needed > payload.length) {
            payload = Arrays.copyOf(payload, Math.max(needed, Math.min(2 * payload.length, LARGE_OCTETS)));
        }
    }
}
