package io.lb4j.internal.codec.http1;

import io.lb4j.internal.loop.Backlog;
import io.lb4j.internal.loop.TurnFlusher;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection's way out. Small parts (heads, chunk sizes, small bodies) are gathered in one buffer, large ones are passed on as they
 * are; all of it is flushed at the end of the event. Confined to the connection's event loop.
 */
final class WireOutput implements TurnFlusher.Flushable {
    private static final int MIN_ROOM = 2048;
    private static final int LAGGING_ROOM = 8192;
    private static final int LEAST_LEFT = 64; // of the room, for it to be kept
    private static final int MAX_COPIED =
            1024; // where copying costs less than another entry in the queue and the system call

    private final TurnFlusher flusher;
    private final ChannelHandlerContext context;
    private final Runnable onFlushed;
    private @Nullable ByteBuf gathered;
    private final Backlog backlog;
    private boolean isDue;
    private boolean isClosed;
    private long flushes;

    // What was seen of the queue when it was last looked at, so that progress shows.
    private @Nullable Object seenMessage;
    private long seenProgress;

    /**
     * Creates a connection's output.
     *
     * @param onFlushed is run after each flush
     */
    WireOutput(ChannelHandlerContext context, TurnFlusher flusher, Runnable onFlushed) {
        this.context = context;
        this.flusher = flusher;
        this.onFlushed = onFlushed;
        backlog = new Backlog(context);
    }

    /**
     * Returns a buffer with room for a small part, which is to be appended to it at once.
     *
     * @return the output keeps it
     */
    ByteBuf room(int octets) {
        schedule();
        ByteBuf current = gathered;
        if (current != null && current.writableBytes() >= octets) {
            return current;
        }
        passAll();
        ByteBuf fresh = context.alloc().directBuffer(Math.max(octets, backlog.lags() ? LAGGING_ROOM : MIN_ROOM));
        gathered = fresh;
        return fresh;
    }

    /** Appends data, which is taken over. */
    void write(ByteBuf data) {
        int length = data.readableBytes();
        if (isClosed || length == 0) {
            data.release();
            return;
        }
        ByteBuf current = gathered;
        if (length <= MAX_COPIED && current != null && current.writableBytes() >= length) {
            current.writeBytes(data);
            data.release();
            return;
        }
        if (backlog.asksToGather(data)) {
            gather(data);
            return;
        }
        schedule();
        pass();
        send(data);
    }

    private void gather(ByteBuf data) {
        while (data.isReadable()) {
            ByteBuf room = room(1);
            room.writeBytes(data, Math.min(data.readableBytes(), room.writableBytes()));
        }
        data.release();
    }

    /** Returns how often the output was flushed while the connection stood. */
    long flushes() {
        return flushes;
    }

    boolean isWritable() {
        return !isClosed && context.channel().isWritable();
    }

    @Override
    public void flushNow() {
        isDue = false;
        if (isClosed) {
            return;
        }
        pass();
        if (context.channel().isActive()) {
            flushes++;
        }
        context.flush();
        backlog.afterFlush();
        if (!backlog.lags()) {
            passAll(); // what room was left
        }
        onFlushed.run();
    }

    /** Makes sure that a flush comes at the end of the event. */
    void schedule() {
        if (!isDue && !isClosed) {
            isDue = true;
            flusher.flushAfterEvent(this);
        }
    }

    /** Returns whether something flushed waits for the peer to read. */
    boolean isPending() {
        return backlog.isPending();
    }

    /** Returns whether anything was sent since this was last asked. */
    boolean hasProgressed() {
        ChannelOutboundBuffer queue = context.channel().unsafe().outboundBuffer();
        Object message = queue == null ? null : queue.current();
        long progress = queue == null ? 0 : queue.currentProgress();
        boolean hasProgressed = message != seenMessage || progress != seenProgress;
        seenMessage = message;
        seenProgress = progress;
        return hasProgressed;
    }

    /** Drops what was not passed on; from now on everything is dropped. */
    void close() {
        isClosed = true;
        seenMessage = null;
        ByteBuf current = gathered;
        if (current != null) {
            gathered = null;
            current.release();
        }
    }

    private void pass() {
        ByteBuf current = gathered;
        if (current == null || !backlog.lags() || current.writableBytes() < LEAST_LEFT) {
            passAll();
            return;
        }
        // The next parts share the buffer: a queue of nearly empty ones would count for little and hold much.
        if (current.isReadable()) {
            send(current.readRetainedSlice(current.readableBytes()));
        }
    }

    private void passAll() {
        ByteBuf current = gathered;
        if (current == null) {
            return;
        }
        gathered = null;
        if (current.isReadable()) {
            send(current);
        } else {
            current.release();
        }
    }

    private void send(ByteBuf data) {
        // Without a promise of its own: a write that fails is told by exceptionCaught, and the connection ends.
        ChannelFuture unused = context.write(data, context.voidPromise());
    }
}
