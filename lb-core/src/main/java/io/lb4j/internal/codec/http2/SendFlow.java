package io.lb4j.internal.codec.http2;

import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Flow control of what is sent (RFC 9113 §5.2), and whose turn it is. A small piece of data goes out at once where the windows let it;
 * everything else waits in its stream's queue and is sent at the end of the loop's turn: streams of the more urgent level first
 * (RFC 9218 §10), those of one level in turn, a frame each, so that a large response does not hold up small ones.
 *
 * <p>Confined to the event loop of its connection.
 */
final class SendFlow {
    /** The levels of urgency, 0 the first. */
    static final int LEVELS = 8;

    private final Http2Connection connection;
    private final FrameWriter writer;
    private int window = FrameType.DEFAULT_WINDOW;

    // Streams with octets to send and a window for them, by urgency, linked by Http2Stream.nextReady.
    private final @Nullable Http2Stream[] first = new Http2Stream[LEVELS];
    private final @Nullable Http2Stream[] last = new Http2Stream[LEVELS];
    private int levels; // bit n: level n has a stream

    SendFlow(Http2Connection connection, FrameWriter writer) {
        this.connection = connection;
        this.writer = writer;
    }

    /** Sends or queues a piece of data, which it takes over. */
    void data(Http2Stream stream, ByteBuf data, boolean end) {
        int length = data.readableBytes();
        if (length == 0 && !end) {
            data.release();
            return;
        }
        boolean atOnce = stream.id() != 0
                && stream.queuedOctets() == 0
                && length <= FrameWriter.COPIED_OCTETS
                && length <= window
                && length <= stream.sendWindow()
                && (length == 0 || writer.isChannelWritable());
        if (atOnce) {
            beginFrame(stream, length, end);
            writer.payload(data);
            if (end) {
                stream.onSendEnded();
            }
        } else {
            stream.enqueue(data, end);
            offer(stream);
        }
        connection.requestFlush();
    }

    /** Sends trailers, behind what waits. */
    void trailers(Http2Stream stream, Fields trailers) {
        if (stream.queuedOctets() > 0) {
            stream.enqueue(trailers.copy());
            return;
        }
        writeTrailers(stream, trailers);
        connection.requestFlush();
    }

    /** Enters a stream among those that can send, if it can. */
    void offer(Http2Stream stream) {
        if (stream.isReady() || stream.queuedOctets() == 0 || stream.sendWindow() <= 0 || stream.isClosed()) {
            return;
        }
        stream.ready(true);
        int level = stream.urgency();
        Http2Stream before = last[level];
        if (before == null) {
            first[level] = stream;
        } else {
            before.nextReady(stream);
        }
        last[level] = stream;
        levels |= 1 << level;
    }

    /** Sends as much as the windows and the channel take. */
    void pump() {
        while (levels != 0 && window > 0 && writer.isChannelWritable()) {
            Http2Stream stream = poll();
            if (stream == null || stream.isClosed()) {
                continue;
            }
            sendFrame(stream);
            offer(stream);
        }
    }

    /**
     * The peer enlarges the connection's window.
     *
     * @throws Http2Error if it becomes larger than 2^31-1 (RFC 9113 §6.9.1)
     */
    void enlarge(int increment) throws Http2Error {
        if (window > FrameType.MAX_31_BITS - increment) {
            throw Http2Error.connection(
                    ErrorCode.FLOW_CONTROL_ERROR,
                    "connection window: " + window + " + " + increment + " (expected: < 2^31)");
        }
        window += increment;
        if (levels != 0) {
            connection.requestFlush();
        }
    }

    private void sendFrame(Http2Stream stream) {
        SendQueue queue = stream.queue();
        int room = Math.min(Math.min(window, stream.sendWindow()), FrameType.DEFAULT_MAX_FRAME);
        int length = Math.min(queue.octets(), room);
        if (length <= 0) {
            return;
        }
        boolean all = length == queue.octets();
        boolean end = all && queue.endsWithData();
        beginFrame(stream, length, end);
        queue.writeTo(writer, length);
        Fields trailers = all ? queue.trailers() : null;
        if (trailers != null) {
            writeTrailers(stream, trailers);
        } else if (end) {
            stream.onSendEnded();
        } else {
            stream.onSent();
        }
    }

    private void beginFrame(Http2Stream stream, int length, boolean end) {
        window -= length;
        stream.consumeSendWindow(length);
        connection.abuse().onDataSent(length);
        writer.dataHeader(stream.id(), length, end);
    }

    private void writeTrailers(Http2Stream stream, Fields trailers) {
        connection.headEncoder().trailers(trailers);
        connection.writeBlock(stream, true);
        stream.onSendEnded();
    }

    private @Nullable Http2Stream poll() {
        int level = Integer.numberOfTrailingZeros(levels);
        Http2Stream stream = first[level];
        Http2Stream next = stream == null ? null : stream.nextReady();
        first[level] = next;
        if (next == null) {
            last[level] = null;
            levels &= ~(1 << level);
        }
        if (stream != null) {
            stream.nextReady(null);
            stream.ready(false);
        }
        return stream;
    }
}
