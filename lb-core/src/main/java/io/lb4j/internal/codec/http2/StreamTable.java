package io.lb4j.internal.codec.http2;

import io.lb4j.error.ProxyException;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/** The streams that are open, what is remembered of those that were, and the ways in which one ends before its messages do. */
final class StreamTable {
    private final Http2Connection connection;
    private final IntObjectMap<Http2Stream> open = new IntObjectHashMap<>();
    private final ClosedStreams closed = new ClosedStreams();

    StreamTable(Http2Connection connection) {
        this.connection = connection;
    }

    @Nullable Http2Stream find(int id) {
        return open.get(id);
    }

    void add(Http2Stream stream) {
        open.put(stream.id(), stream);
    }

    int size() {
        return open.size();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Returns those that are open now; what is done to them may change the table meanwhile. */
    Http2Stream[] snapshot() {
        return open.values().toArray(new Http2Stream[0]);
    }

    /** Returns what is remembered of streams that are gone. */
    ClosedStreams closed() {
        return closed;
    }

    /** Takes out a stream whose both halves have ended. */
    void remove(Http2Stream stream) {
        open.remove(stream.id());
        connection.onStreamGone(stream);
    }

    /** Resets a stream by our will; its listener hears nothing. */
    void reset(Http2Stream stream, int code) {
        if (!stream.isClosed()) {
            stream.close();
            writeReset(stream.id(), code);
            remove(stream);
        }
    }

    /** Resets a stream and tells its listener why. */
    void abort(Http2Stream stream, int code, ProxyException failure) {
        if (!stream.isClosed()) {
            reset(stream, code);
            stream.onFailed(failure);
        }
    }

    /** Resets a stream that never was in the table. */
    void refuse(int streamId, int code) {
        writeReset(streamId, code);
    }

    /** Lets all streams fail; nothing is written of it. */
    void failAll(ProxyException reason) {
        Http2Stream[] failing = snapshot();
        open.clear();
        for (Http2Stream stream : failing) {
            stream.fail(reason);
        }
    }

    private void writeReset(int streamId, int code) {
        if (streamId != 0 && connection.isOpen()) {
            connection.writer().reset(streamId, code);
            closed.onReset(streamId);
            connection.requestFlush();
        }
    }
}
