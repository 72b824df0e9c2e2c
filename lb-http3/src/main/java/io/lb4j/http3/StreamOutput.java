package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamPriority;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what the codec makes of a stream's frames until the turn is over, so that head, body and end of a short message are one
 * write, and one packet; and knows how much waits. The handler nearest to the wire. Confined to the event loop.
 *
 * <p>The end goes with the last octets: {@code shutdownOutput()} would overtake octets that wait for the peer's window.
 */
final class StreamOutput extends ChannelOutboundHandlerAdapter {
    /** No moment: nothing waits. */
    static final long NOT_STALLED = Long.MIN_VALUE;

    private static final int HIGH_OCTETS = 65_536;
    private static final int LOW_OCTETS = 32_768;
    /** So much a stream may always have waiting, or one that is read would starve behind others that are not. */
    private static final int FLOOR_OCTETS = 8_192;
    /** Up to here, octets are copied together; larger pieces are handed on as they are, where all goes. */
    private static final int COPIED_OCTETS = 4_096;

    private final Events events;
    private final List<ByteBuf> waiting = new ArrayList<>(4);
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChannelPromise last;
    private boolean endWaits;
    private boolean endSent;
    private boolean over;
    private boolean flushed;
    private boolean full;
    private boolean heldBack; // the rest, at the end of a turn
    private boolean flushing;
    private int held; // octets that wait for the end of the turn
    private int pieces; // that were written, and that the connection has not taken
    private @Nullable ByteBuf piece; // the first of them
    private long refusedAt;
    private long unsent; // octets of them
    private long written; // octets
    private long stalledSinceNanos;

    /** Hears of a stream's output. */
    interface Events {
        /** The octets that wait have become more, or fewer. */
        void onBacklog(int change);

        /** Something waits for {@link #flush}. */
        void onOutputWaiting();

        /** The stream has become writable again. */
        void onOutputWritable();

        /** Little waits any more. */
        void onOutputLow();

        /** The end was taken: nothing more is to be sent. */
        void onOutputEnded();

        /** The peer does not take the rest, or the stream is gone. */
        void onOutputFailed(Throwable cause);
    }

    StreamOutput(Events events) {
        this.events = events;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Makes the promise to write the last frame with: by it the end is known when it comes by. */
    ChannelPromise lastPromise(ChannelPromise promise) {
        last = promise;
        return promise;
    }

    boolean isWritable() {
        return !full;
    }

    /** Returns whether anything may have left. */
    boolean hasFlushed() {
        return flushed;
    }

    /** Returns whether so little waits that more may come, whatever else waits for the same peer. */
    boolean isLow() {
        return held + unsent < FLOOR_OCTETS;
    }

    /** Returns since when the peer has taken nothing of what waits, or nothing at all where it is held back; or {@link #NOT_STALLED}. */
    long stalledSinceNanos() {
        return isStalled() ? stalledSinceNanos : NOT_STALLED;
    }

    private boolean isStalled() {
        return unsent > 0 || heldBack;
    }

    /** Returns whether nothing more will be sent: the end was written, or what was left is thrown away. */
    boolean isOver() {
        return over;
    }

    /** Returns whether a piece was written that the connection has not taken. */
    boolean isPieceOut() {
        return pieces > 0;
    }

    /** Notes when the first such piece was refused: how many the connection had taken of any stream. */
    void refusedAt(long taken) {
        refusedAt = taken;
    }

    /** Returns when the first such piece was refused. */
    long refusedAt() {
        return refusedAt;
    }

    /** Returns how many octets of the first such piece the connection has not taken; 0 where that is not known. */
    int pieceLeft() {
        ByteBuf octets = piece;
        return octets == null ? 0 : octets.readableBytes();
    }

    /** Returns whether there is something that {@link #flush} would send. */
    boolean isWaiting() {
        return held > 0 || endWaits;
    }

    /** Returns how many octets wait for {@link #flush}. */
    int held() {
        return held;
    }

    /** Returns how many octets were written so far. */
    long written() {
        return written;
    }

    /** Returns how much the connection was last known to take of this stream: when a packet brought room, or a piece was written. */
    long room() {
        ChannelHandlerContext ctx = context;
        return ctx == null ? 0 : ctx.channel().bytesBeforeUnwritable();
    }

    /** Returns how urgent it is, and whether pieces are of use; null where nobody has said so. */
    @Nullable QuicStreamPriority priority() {
        QuicStreamChannel stream = stream();
        return stream == null ? null : stream.priority();
    }

    /** Returns the number of the stream, by which they come in order. */
    long streamId() {
        QuicStreamChannel stream = stream();
        return stream == null ? Long.MAX_VALUE : stream.streamId();
    }

    private @Nullable QuicStreamChannel stream() {
        ChannelHandlerContext ctx = context;
        return ctx != null && ctx.channel() instanceof QuicStreamChannel stream ? stream : null;
    }

    /**
     * What is left has to wait, though the turn is over.
     *
     * @param movedNanos when the peer last took something of any stream: it need not be for want of this one's share that it stalls
     */
    void holdBack(long movedNanos) {
        if (!isStalled()) {
            stalledSinceNanos = System.nanoTime();
        } else if (unsent == 0 && movedNanos - stalledSinceNanos > 0) {
            stalledSinceNanos = movedNanos;
        }
        heldBack = true;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ByteBuf octets = (ByteBuf) message;
        waiting.add(octets);
        held += octets.readableBytes();
        events.onBacklog(octets.readableBytes());
        full |= held + unsent >= HIGH_OCTETS;
        endWaits |= promise == last;
        promise.trySuccess();
        events.onOutputWaiting();
    }

    /**
     * Sends what was held back.
     *
     * @param most octets; what is more goes on waiting, and the end with it
     * @return how many octets that is
     */
    int flush(int most) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return 0;
        }
        boolean isAll = held <= most;
        int length = isAll ? held : most;
        boolean end = isAll && endWaits;
        if (length == 0 && !end) {
            return 0;
        }
        ByteBuf octets = isAll ? together(ctx) : first(ctx, length);
        if (!isStalled()) {
            stalledSinceNanos = System.nanoTime();
        }
        flushed = true;
        held -= length;
        endWaits &= !isAll;
        over |= end;
        heldBack &= !isAll;
        pieces++;
        unsent += length;
        written += length;
        flushing = true;
        ctx.write(new DefaultQuicStreamFrame(octets, end))
                .addListener((ChannelFuture sent) -> onTaken(sent, length, end));
        flushing = false;
        if (pieces == 1) {
            piece = octets;
        }
        return length;
    }

    private ByteBuf together(ChannelHandlerContext ctx) {
        if (waiting.size() == 1 && waiting.get(0).isDirect()) {
            ByteBuf only = waiting.get(0);
            waiting.clear();
            return only;
        }
        if (held > COPIED_OCTETS && waiting.stream().allMatch(ByteBuf::isDirect)) {
            ByteBuf all = Unpooled.wrappedBuffer(waiting.size(), waiting.toArray(ByteBuf[]::new));
            waiting.clear();
            return all;
        }
        return copied(ctx, held);
    }

    private ByteBuf first(ChannelHandlerContext ctx, int length) {
        ByteBuf head = waiting.isEmpty() ? Unpooled.EMPTY_BUFFER : waiting.get(0);
        if (length > COPIED_OCTETS && head.isDirect() && head.readableBytes() > length) {
            return head.readRetainedSlice(length);
        }
        return copied(ctx, length);
    }

    /** Copies the first octets out of what waits. */
    private ByteBuf copied(ChannelHandlerContext ctx, int length) {
        ByteBuf copy = ctx.alloc().directBuffer(Math.max(length, 1));
        int taken = 0;
        while (taken < waiting.size()) {
            ByteBuf part = waiting.get(taken);
            part.readBytes(copy, Math.min(part.readableBytes(), length - copy.readableBytes()));
            if (part.isReadable()) {
                break;
            }
            part.release();
            taken++;
        }
        waiting.subList(0, taken).clear();
        return copy;
    }

    private void onTaken(ChannelFuture sent, int length, boolean end) {
        pieces--;
        piece = null; // those behind it are not known
        unsent -= length;
        events.onBacklog(-length);
        stalledSinceNanos = System.nanoTime();
        if (!sent.isSuccess()) {
            if (!endSent) {
                events.onOutputFailed(sent.cause());
            }
            return;
        }
        endSent |= end;
        if (heldBack && !flushing) {
            events.onOutputWaiting();
        }
        if (end) {
            events.onOutputEnded();
        } else if (full && held + unsent <= LOW_OCTETS) {
            full = false;
            events.onOutputWritable();
        } else if (isLow()) {
            events.onOutputLow();
        }
    }

    /** Throws away what was held back. */
    void discard() {
        over = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        events.onBacklog(-held);
        held = 0;
        endWaits = false;
        heldBack = false;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        discard();
    }
}
