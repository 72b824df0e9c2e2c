package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
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
    /** Up to here, octets are copied together; larger pieces are handed on as they are. */
    private static final int COPIED_OCTETS = 4_096;

    private final Events events;
    private final List<ByteBuf> waiting = new ArrayList<>(4);
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChannelPromise last;
    private boolean endWaits;
    private boolean endSent;
    private boolean flushed;
    private boolean full;
    private int held; // octets that wait for the end of the turn
    private long unsent; // octets that were written, and that the connection has not taken
    private long stalledSinceNanos;

    /** Hears of a stream's output. */
    interface Events {
        /** The octets that wait have become more, or fewer. */
        void onBacklog(int change);

        /** Something waits for {@link #flushNow()}. */
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

    /** Returns since when the peer has taken nothing of what waits, or {@link #NOT_STALLED}. */
    long stalledSinceNanos() {
        return unsent == 0 ? NOT_STALLED : stalledSinceNanos;
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

    /** Sends what was held back. */
    void flushNow() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || (waiting.isEmpty() && !endWaits)) {
            return;
        }
        flushed = true;
        ByteBuf octets = together(ctx);
        int length = held;
        boolean end = endWaits;
        held = 0;
        endWaits = false;
        if (unsent == 0) {
            stalledSinceNanos = System.nanoTime();
        }
        unsent += length;
        ctx.write(new DefaultQuicStreamFrame(octets, end))
                .addListener((ChannelFuture sent) -> onTaken(sent, length, end));
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
        ByteBuf copy = ctx.alloc().directBuffer(Math.max(held, 1));
        for (ByteBuf part : waiting) {
            copy.writeBytes(part);
            part.release();
        }
        waiting.clear();
        return copy;
    }

    private void onTaken(ChannelFuture sent, int length, boolean end) {
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
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        events.onBacklog(-held);
        held = 0;
        endWaits = false;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        discard();
    }
}
