package io.lb4j.internal.codec.http2;

import io.lb4j.internal.codec.hpack.HpackEncoder;
import io.lb4j.internal.loop.Backlog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames. Headers, control frames and small pieces of data of one turn are gathered in one buffer, so that they share a TLS
 * record and a packet; large pieces of data follow it as they are. Nothing reaches the socket before {@link #flush()}.
 *
 * <p>Confined to the event loop of its connection.
 */
final class FrameWriter {
    /** Data up to this size is copied: that costs less than a buffer of its own. */
    static final int COPIED_OCTETS = 2_048;

    private static final int SMALLEST_BUFFER = 1_024;
    private static final int LARGEST_BUFFER = 16_384;

    private final ChannelHandlerContext ctx;
    private final Backlog backlog;
    private @Nullable ByteBuf out;
    private int turnOctets;
    private int expectedOctets = SMALLEST_BUFFER;
    private int queuedControlFrames;
    private int blockedOctets; // of frames without flow control, written while the channel took no more
    private int turn;

    FrameWriter(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        backlog = new Backlog(ctx);
    }

    /** Returns the number of flushes so far, which tells whether something written is still here. */
    int turn() {
        return turn;
    }

    /** Returns how many control frames were written since the channel was last writable. */
    int queuedControlFrames() {
        return queuedControlFrames;
    }

    /** Returns how many octets that no window limits were written since the channel was last writable. */
    int blockedOctets() {
        return blockedOctets;
    }

    boolean isChannelWritable() {
        return ctx.channel().isWritable();
    }

    /** Writes octets that are no frame: the client's preface. */
    void preface(byte[] octets) {
        reserve(octets.length).writeBytes(octets);
    }

    /** Writes SETTINGS of alternating identifiers and values. */
    void settings(int... settings) {
        ByteBuf target = control(settings.length / 2 * 6, FrameType.SETTINGS, 0, 0);
        for (int i = 0; i < settings.length; i += 2) {
            target.writeShort(settings[i]).writeInt(settings[i + 1]);
        }
    }

    void settingsAck() {
        control(0, FrameType.SETTINGS, FrameType.FLAG_ACK, 0);
    }

    void ping(boolean ack, long payload) {
        control(8, FrameType.PING, ack ? FrameType.FLAG_ACK : 0, 0).writeLong(payload);
    }

    void windowUpdate(int streamId, int increment) {
        control(4, FrameType.WINDOW_UPDATE, 0, streamId).writeInt(increment);
    }

    void reset(int streamId, int code) {
        control(4, FrameType.RST_STREAM, 0, streamId).writeInt(code);
    }

    void goAway(int lastStreamId, int code, String debug) {
        int length = ByteBufUtil.utf8MaxBytes(debug);
        ByteBuf text = ctx.alloc().buffer(length);
        try {
            ByteBufUtil.writeUtf8(text, debug);
            control(8 + text.readableBytes(), FrameType.GOAWAY, 0, 0)
                    .writeInt(lastStreamId)
                    .writeInt(code)
                    .writeBytes(text);
        } finally {
            text.release();
        }
    }

    /** Writes a header block, as one HEADERS frame and as many CONTINUATION frames as it needs. */
    void headers(int streamId, HpackEncoder block, boolean end, int maxFrame) {
        int left = block.length();
        int start = 0;
        int type = FrameType.HEADERS;
        do {
            int part = Math.min(left, Math.min(maxFrame, FrameType.DEFAULT_MAX_FRAME));
            left -= part;
            int flags = (left == 0 ? FrameType.FLAG_END_HEADERS : 0)
                    | (end && type == FrameType.HEADERS ? FrameType.FLAG_END_STREAM : 0);
            block.writeTo(frame(part, type, flags, streamId), start, part);
            countBlocked(FrameType.HEADER_OCTETS + part);
            start += part;
            type = FrameType.CONTINUATION;
        } while (left > 0);
    }

    /** Begins a DATA frame; as many octets follow by {@link #payload}. */
    void dataHeader(int streamId, int length, boolean end) {
        ByteBuf target = reserve(FrameType.HEADER_OCTETS + (length <= COPIED_OCTETS ? length : 0));
        writeHeader(target, length, FrameType.DATA, end ? FrameType.FLAG_END_STREAM : 0, streamId);
    }

    /** Writes a piece of a DATA frame's payload and takes it over. */
    void payload(ByteBuf data) {
        int length = data.readableBytes();
        if (backlog.asksToGather(data)) {
            gather(data);
            return;
        }
        if (length <= COPIED_OCTETS) {
            reserve(length).writeBytes(data);
            data.release();
            return;
        }
        passOn();
        turnOctets += length;
        write(data);
    }

    private void gather(ByteBuf data) {
        while (data.isReadable()) {
            ByteBuf room = reserve(1);
            room.writeBytes(data, Math.min(data.readableBytes(), room.writableBytes()));
        }
        data.release();
    }

    /** Sends everything to the socket. */
    void flush() {
        if (backlog.lags()) {
            passOn(); // the next frames share the buffer: a queue of nearly empty ones would count for little and hold
            // much
        } else {
            passAllOn();
        }
        expectedOctets = Math.max(SMALLEST_BUFFER, Math.min(LARGEST_BUFFER, Integer.highestOneBit(turnOctets) << 1));
        turnOctets = 0;
        turn++;
        ctx.flush();
        backlog.afterFlush();
        if (!backlog.lags()) {
            passAllOn(); // what room was left
        }
        if (isChannelWritable()) {
            queuedControlFrames = 0;
            blockedOctets = 0;
        }
    }

    /** Lets go of what was not flushed. */
    void release() {
        ByteBuf unsent = out;
        if (unsent != null) {
            out = null;
            unsent.release();
        }
    }

    private ByteBuf control(int length, int type, int flags, int streamId) {
        queuedControlFrames++;
        countBlocked(FrameType.HEADER_OCTETS + length);
        return frame(length, type, flags, streamId);
    }

    private ByteBuf frame(int length, int type, int flags, int streamId) {
        ByteBuf target = reserve(FrameType.HEADER_OCTETS + length);
        writeHeader(target, length, type, flags, streamId);
        return target;
    }

    private static void writeHeader(ByteBuf target, int length, int type, int flags, int streamId) {
        target.writeInt(length << 8 | type).writeByte(flags).writeInt(streamId);
    }

    private void countBlocked(int octets) {
        if (!isChannelWritable()) {
            blockedOctets += octets;
        }
    }

    private ByteBuf reserve(int octets) {
        turnOctets += octets;
        ByteBuf target = out;
        if (target != null && target.writableBytes() < octets) {
            passAllOn();
            target = null;
        }
        if (target == null) {
            target = ctx.alloc().buffer(Math.max(octets, backlog.lags() ? LARGEST_BUFFER : expectedOctets));
            out = target;
        }
        return target;
    }

    /** Hands on what was gathered and keeps the rest of the buffer for what comes behind the data that follows. */
    private void passOn() {
        ByteBuf target = out;
        if (target == null || !target.isReadable()) {
            return;
        }
        if (target.writableBytes() < 2 * FrameType.HEADER_OCTETS) {
            passAllOn();
            return;
        }
        write(target.readRetainedSlice(target.readableBytes()));
    }

    private void passAllOn() {
        ByteBuf target = out;
        if (target == null) {
            return;
        }
        out = null;
        if (!target.isReadable()) {
            target.release();
            return;
        }
        write(target);
    }

    private void write(ByteBuf octets) {
        // The void promise tells of a failure by exceptionCaught, so that nothing is lost with the future.
        var unused = ctx.write(octets, ctx.voidPromise());
    }
}
