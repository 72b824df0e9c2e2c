package io.lb4j.internal.codec.http2;

import static io.lb4j.internal.codec.http2.ErrorCode.FLOW_CONTROL_ERROR;
import static io.lb4j.internal.codec.http2.ErrorCode.FRAME_SIZE_ERROR;
import static io.lb4j.internal.codec.http2.ErrorCode.PROTOCOL_ERROR;
import static io.lb4j.internal.codec.http2.ErrorCode.STREAM_CLOSED;

import io.netty.buffer.ByteBuf;

/**
 * Judges each frame by its size, its stream and that stream's state (RFC 9113 §5.1 and §6) and brings about what it asks for.
 * Confined to the event loop of its connection.
 */
final class FrameDispatch implements FrameReader.Frames {
    private static final int SETTING_OCTETS = 6;

    private final Http2Connection connection;

    FrameDispatch(Http2Connection connection) {
        this.connection = connection;
    }

    @Override
    public void onHeaderBlock(HeaderBlock block) throws Http2Error {
        connection.watch().onBlockEnd();
        connection.onHeaderBlock(block);
    }

    @Override
    public void onOpenBlock() {
        connection.watch().onBlockBegin();
    }

    @Override
    public void onUnknownFrame() throws Http2Error {
        connection.abuse().onIdleFrame(); // RFC 9113 §5.5: to be ignored, but not without end
    }

    @Override
    public void onFrame(int type, int flags, int streamId, byte[] payload, int start, int length) throws Http2Error {
        switch (type) {
            case FrameType.SETTINGS -> onSettings(flags, streamId, payload, start, length);
            case FrameType.PING -> onPing(flags, streamId, payload, start, length);
            case FrameType.WINDOW_UPDATE -> onWindowUpdate(streamId, payload, start, length);
            case FrameType.RST_STREAM -> onReset(streamId, payload, start, length);
            case FrameType.PRIORITY -> onPriority(streamId, payload, start, length);
            case FrameType.GOAWAY -> onGoAway(streamId, payload, start, length);
            default -> // PUSH_PROMISE: a client never sends it, and we never allow it (RFC 9113 §8.4)
                throw Http2Error.connection(PROTOCOL_ERROR, "PUSH_PROMISE (expected: none)");
        }
    }

    @Override
    public boolean onDataFrame(int streamId, int flowOctets, int dataOctets, boolean end) throws Http2Error {
        connection.receiveFlow().receive(flowOctets);
        Http2Stream stream = connection.streams().find(streamId);
        boolean piling = stream != null && stream.isPaused() && dataOctets < FrameType.HEADER_OCTETS;
        if (!end && (dataOctets == 0 || piling)) {
            connection.abuse().onIdleFrame(); // a few octets take more memory than their window while nobody reads
        } else {
            connection.abuse().onUsefulFrame();
        }
        if (stream == null) {
            requireTolerable(streamId, "DATA");
            return false;
        }
        return stream.acceptData(flowOctets, dataOctets, end);
    }

    @Override
    public void onDataPiece(int streamId, ByteBuf data, boolean end) {
        Http2Stream stream = connection.streams().find(streamId);
        if (stream == null) {
            data.release(); // it has ended while its frame was being read
            return;
        }
        stream.receiveData(data, end);
    }

    /** Judges a frame on a stream that is not open: late, or wrong. */
    void requireTolerable(int streamId, String what) throws Http2Error {
        if (connection.isIdle(streamId)) {
            throw Http2Error.connection(PROTOCOL_ERROR, what + " on stream " + streamId + ", which is idle");
        }
        if (!connection.streams().closed().toleratesFrames(streamId)) {
            throw Http2Error.connection(STREAM_CLOSED, what + " on stream " + streamId + ", which is closed");
        }
        connection.abuse().onIdleFrame();
    }

    private void onSettings(int flags, int streamId, byte[] payload, int start, int length) throws Http2Error {
        requireConnection("SETTINGS", streamId);
        connection.abuse().onIdleFrame();
        if ((flags & FrameType.FLAG_ACK) != 0) {
            requireLength("SETTINGS acknowledgement", length, 0);
            connection.watch().onAcknowledged();
            connection.receiveFlow().onAcknowledged();
            return;
        }
        if (length % SETTING_OCTETS != 0) {
            throw Http2Error.connection(
                    FRAME_SIZE_ERROR, "SETTINGS length: " + length + " (expected: a multiple of 6)");
        }
        PeerSettings peer = connection.peer();
        int windowBefore = peer.initialWindow();
        boolean isFirst = !peer.isReceived();
        peer.onFrame();
        for (int at = start; at < start + length; at += SETTING_OCTETS) {
            int id = Octets.int16(payload, at);
            peer.apply(id, Octets.int32(payload, at + 2) & 0xffff_ffffL, !connection.isServer());
            if (id == PeerSettings.HEADER_TABLE_SIZE) {
                connection.headEncoder().block().tableSize(peer.headerTableSize());
            }
        }
        shiftWindows(peer.initialWindow() - windowBefore);
        connection.watch().onSettings();
        connection.writer().settingsAck();
        connection.requestFlush();
        connection.onPeerSettings(isFirst);
    }

    private void shiftWindows(int delta) throws Http2Error {
        if (delta == 0) {
            return;
        }
        for (Http2Stream stream : connection.streams().snapshot()) {
            if (!stream.enlargeSendWindow(delta)) {
                throw Http2Error.connection(
                        FLOW_CONTROL_ERROR,
                        "window of stream " + stream.id() + " with the new SETTINGS: too large (expected: < 2^31)");
            }
        }
    }

    private void onPing(int flags, int streamId, byte[] payload, int start, int length) throws Http2Error {
        requireConnection("PING", streamId);
        requireLength("PING", length, 8);
        connection.abuse().onIdleFrame();
        long opaque = Octets.int64(payload, start);
        if ((flags & FrameType.FLAG_ACK) != 0) {
            connection.onPingAcknowledged(opaque);
            return;
        }
        connection.writer().ping(true, opaque);
        connection.requestFlush();
    }

    private void onWindowUpdate(int streamId, byte[] payload, int start, int length) throws Http2Error {
        requireLength("WINDOW_UPDATE", length, 4);
        connection.abuse().onIdleFrame();
        int increment = Octets.int32(payload, start) & FrameType.MAX_31_BITS;
        if (streamId == 0) {
            if (increment == 0) {
                throw Http2Error.connection(PROTOCOL_ERROR, "WINDOW_UPDATE: 0 (expected: > 0)");
            }
            connection.sendFlow().enlarge(increment);
            return;
        }
        Http2Stream stream = connection.streams().find(streamId);
        if (stream == null) {
            requireNotIdle("WINDOW_UPDATE", streamId); // else late: RFC 9113 §5.1
            return;
        }
        if (increment == 0) {
            throw Http2Error.stream(streamId, PROTOCOL_ERROR, "WINDOW_UPDATE: 0 (expected: > 0)");
        }
        if (!stream.enlargeSendWindow(increment)) {
            throw Http2Error.stream(
                    streamId,
                    FLOW_CONTROL_ERROR,
                    "window: " + stream.sendWindow() + " + " + increment + " (expected: < 2^31)");
        }
    }

    private void onReset(int streamId, byte[] payload, int start, int length) throws Http2Error {
        requireLength("RST_STREAM", length, 4);
        requireNotIdle("RST_STREAM", streamId);
        connection.abuse().onResetReceived();
        Http2Stream stream = connection.streams().find(streamId);
        if (stream != null) {
            connection.onStreamReset(stream, Octets.int32(payload, start) & 0xffff_ffffL);
        }
    }

    private void onPriority(int streamId, byte[] payload, int start, int length) throws Http2Error {
        if (streamId == 0) {
            throw Http2Error.connection(PROTOCOL_ERROR, "PRIORITY on stream 0 (expected: > 0)");
        }
        connection.abuse().onIdleFrame();
        if (length != 5) {
            throw Http2Error.stream(streamId, FRAME_SIZE_ERROR, "PRIORITY length: " + length + " (expected: 5)");
        }
        if ((Octets.int32(payload, start) & FrameType.MAX_31_BITS) == streamId) {
            throw Http2Error.stream(streamId, PROTOCOL_ERROR, "PRIORITY: the stream depends on itself");
        }
        // RFC 9113 §5.3.2: deprecated, and not acted upon
    }

    private void onGoAway(int streamId, byte[] payload, int start, int length) throws Http2Error {
        requireConnection("GOAWAY", streamId);
        if (length < 8) {
            throw Http2Error.connection(FRAME_SIZE_ERROR, "GOAWAY length: " + length + " (expected: >= 8)");
        }
        connection.abuse().onIdleFrame();
        connection.onPeerGoAway(
                Octets.int32(payload, start) & FrameType.MAX_31_BITS, Octets.int32(payload, start + 4) & 0xffff_ffffL);
    }

    private void requireNotIdle(String what, int streamId) throws Http2Error {
        if (streamId == 0 || connection.isIdle(streamId)) {
            throw Http2Error.connection(
                    PROTOCOL_ERROR, what + " on stream " + streamId + " (expected: a stream that was opened)");
        }
    }

    private static void requireConnection(String what, int streamId) throws Http2Error {
        if (streamId != 0) {
            throw Http2Error.connection(PROTOCOL_ERROR, what + " on stream " + streamId + " (expected: 0)");
        }
    }

    private static void requireLength(String what, int length, int expected) throws Http2Error {
        if (length != expected) {
            throw Http2Error.connection(
                    FRAME_SIZE_ERROR, what + " length: " + length + " (expected: " + expected + ")");
        }
    }
}
