package io.lb4j.internal.proxy;

import io.lb4j.http.Fields;
import io.lb4j.internal.loop.Footprint;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way to the endpoint: what waits for a stream, and what is kept so that it can be sent again. It is kept up to
 * a bound; past it, the request is no longer repeatable. Confined to the exchange's event loop.
 */
final class RequestBody {
    /** What may be kept alive in vain, beside half as much again as is held, before pieces are put together. */
    private static final int SLACK_OCTETS = 16 << 10;

    private final int keptLimit;
    private final List<ByteBuf> chunks = new ArrayList<>();
    private int sent; // how many of the chunks have been written to the present stream
    private long bytes;
    private long held; // octets in the chunks
    private long pinned; // octets that these keep alive
    private @Nullable ByteBuf lastRoot; // of the chunk added last; only ever compared
    private boolean repeatable = true;
    private boolean ended;
    private boolean endWritten;
    private @Nullable Fields trailers;

    RequestBody(int keptLimit) {
        this.keptLimit = keptLimit;
    }

    /** Takes over a piece. */
    void add(ByteBuf data, boolean end) {
        bytes += data.readableBytes();
        ended = end;
        if (data.isReadable()) {
            hold(data);
        } else {
            data.release();
        }
        if (bytes > keptLimit) {
            stopKeeping();
        }
    }

    private void hold(ByteBuf data) {
        chunks.add(data);
        count(data);
        if (pinned > held + held / 2 + SLACK_OCTETS) {
            gather(sent, chunks.size());
            if (sent > 0) {
                gather(0, sent);
                sent = 1;
            }
            recount();
        }
    }

    private void count(ByteBuf chunk) {
        ByteBuf root = Footprint.rootOf(chunk);
        if (root != lastRoot) {
            lastRoot = root;
            pinned += root.capacity();
        }
        held += chunk.readableBytes();
    }

    private void recount() {
        held = 0;
        pinned = 0;
        lastRoot = null;
        chunks.forEach(this::count);
    }

    /** Puts some chunks, of which many may be small slices of large buffers, into one. */
    private void gather(int from, int to) {
        List<ByteBuf> several = chunks.subList(from, to);
        int octets = 0;
        for (ByteBuf chunk : several) {
            octets += chunk.readableBytes();
        }
        if (octets == 0) {
            return;
        }
        ByteBuf one = several.get(0).alloc().directBuffer(octets, octets);
        for (ByteBuf chunk : several) {
            one.writeBytes(chunk, chunk.readerIndex(), chunk.readableBytes());
            chunk.release();
        }
        several.clear();
        several.add(one);
    }

    void end(Fields newTrailers) {
        trailers = newTrailers.copy();
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    /** Returns the octets received so far. */
    long bytes() {
        return bytes;
    }

    /** Writes what has not been written to this stream yet. */
    void writeTo(ClientStream stream) {
        while (sent < chunks.size()) {
            ByteBuf chunk = chunks.get(sent);
            sent++;
            boolean last = ended && trailers == null && sent == chunks.size();
            endWritten |= last;
            stream.writeData(repeatable ? chunk.retainedDuplicate() : chunk, last);
        }
        if (!repeatable) {
            forget();
        }
        if (ended && !endWritten) {
            endWritten = true;
            writeEnd(stream);
        }
    }

    private void writeEnd(ClientStream stream) {
        if (trailers != null) {
            stream.writeTrailers(trailers);
        } else {
            stream.writeData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    /** Goes back to the beginning for another stream; returns false if the beginning is gone. */
    boolean rewind() {
        sent = 0;
        endWritten = false;
        return repeatable;
    }

    /** Lets go of what has been sent: the response has begun, or the request may not be repeated. */
    void stopKeeping() {
        if (!repeatable) {
            return;
        }
        repeatable = false;
        for (int i = 0; i < sent; i++) {
            chunks.get(i).release();
        }
        chunks.subList(0, sent).clear();
        sent = 0;
        recount();
    }

    /** Lets go of everything. */
    void release() {
        int first = repeatable ? 0 : sent;
        for (int i = first; i < chunks.size(); i++) {
            chunks.get(i).release();
        }
        forget();
        repeatable = false;
    }

    private void forget() {
        chunks.clear();
        sent = 0;
        recount();
    }
}
