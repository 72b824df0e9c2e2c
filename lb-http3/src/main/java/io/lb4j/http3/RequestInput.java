package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What arrives on a client's stream. The head is held back until the octets that came with it are read, so that a request without a body
 * is known to have none. Confined to the event loop of its connection.
 */
final class RequestInput extends ChannelInboundHandlerAdapter {
    /** As much is still read of a request that was answered early, for it costs less than a client that is confused. */
    private static final int MAX_DISCARDED_OCTETS = 65_536;

    private static final long END_AWAITED_MILLIS = 25;

    private final Http3ServerStream stream;
    private final Http3ServerConnection connection;
    private final InputMemory memory;
    private @Nullable ChannelHandlerContext context;
    private boolean headSeen;
    private boolean headHeld;
    private boolean ended;
    private boolean paused;
    private boolean discarding;
    private int discardedOctets;
    private boolean answered;
    private long waitingSinceNanos;
    private @Nullable HeldEnd heldEnd;
    private @Nullable Future<?> wait; // for the end of a request that is likely to have no body

    RequestInput(Http3ServerStream stream, Http3ServerConnection connection) {
        this.stream = stream;
        this.connection = connection;
        memory = new InputMemory(connection.memory(), connection.unread());
    }

    InputMemory memory() {
        return memory;
    }

    /** Puts itself in place, behind the codec, and where there is a table before it too. */
    void install(ChannelPipeline pipeline) {
        if (connection.mayBlockHeads()) {
            HeldEnd end = new HeldEnd(this);
            heldEnd = end;
            pipeline.addFirst(end);
        }
        pipeline.addFirst(memory);
        pipeline.addFirst(FrameBounds.ofRequest(this::onCut, connection::onSkippedFrame));
        pipeline.addLast(this);
    }

    boolean isHeadSeen() {
        return headSeen;
    }

    boolean isEnded() {
        return ended;
    }

    /** Returns whether octets of the request are wanted. */
    boolean awaitsOctets() {
        return headSeen && !headHeld && !ended && !paused;
    }

    long waitingSinceNanos() {
        return waitingSinceNanos;
    }

    /** Starts the clock anew. */
    void awaitAnew() {
        waitingSinceNanos = System.nanoTime();
    }

    /** Returns whether octets of the request may lie in the codec because nobody reads them, or its head cannot be read yet. */
    boolean isHeldBack() {
        return !ended && (paused || !headSeen);
    }

    /** Returns whether the response was whole before the request. */
    boolean isAnswered() {
        return answered;
    }

    boolean isPaused() {
        return paused;
    }

    void pause() {
        paused = true;
        memory.hold(true);
    }

    void resume() {
        if (paused) {
            paused = false;
            memory.hold(false);
            awaitAnew();
            read();
        }
    }

    /** What comes from now on is thrown away. */
    void discard() {
        discarding = true;
        resume();
    }

    /** The head did not come in time: one that comes yet is thrown away. */
    void giveUpHead() {
        headSeen = true;
        discard();
    }

    /** The response is whole: a little more of the request is read, and then no more. */
    void discardRest() {
        answered = true;
        awaitAnew();
        discard();
    }

    private void read() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ended && !stream.isClosed()) {
            ctx.read();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        waitingSinceNanos = System.nanoTime();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        memory.onFrame(message instanceof Http3DataFrame frame ? frame.content().readableBytes() : 0);
        if (stream.isClosed()) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof Http3HeadersFrame frame) {
            onHeaders(frame);
        } else if (message instanceof Http3DataFrame frame) {
            onData(frame.content());
        } else {
            ReferenceCountUtil.release(message);
            connection.onIdleFrame();
        }
    }

    private void onHeaders(Http3HeadersFrame frame) {
        if (headSeen) {
            submitHeld(false);
            onTrailers(frame);
            return;
        }
        headSeen = true;
        headHeld = connection.requests().readHead(stream, frame.headers());
    }

    private void onTrailers(Http3HeadersFrame frame) {
        ProxyException tooLarge = connection.requests().trailersTooLarge(frame.headers());
        if (tooLarge != null) {
            ended = true;
            stream.refuseRest(tooLarge);
            return;
        }
        Fields trailers = connection.requests().trailers();
        trailers.clear();
        String fault = connection.requests().readTrailers(frame.headers(), trailers);
        if (fault != null) {
            failFor(fault, ResetCode.MESSAGE_ERROR);
            return;
        }
        if (!ended) {
            ended = true;
            if (!discarding) {
                stream.listener().onTrailers(trailers);
            }
        }
    }

    private void onData(ByteBuf data) {
        waitingSinceNanos = System.nanoTime();
        submitHeld(false);
        if (discarding || ended) {
            discardedOctets += data.readableBytes();
            data.release();
            if (answered && discardedOctets > MAX_DISCARDED_OCTETS) {
                stream.giveUpRest();
            }
        } else if (data.isReadable()) {
            stream.deliver(data);
        } else {
            data.release();
            connection.onIdleFrame();
        }
    }

    private void submitHeld(boolean end) {
        if (headHeld && !stream.isClosed()) {
            headHeld = false;
            ended |= end;
            stopWaiting();
            if (!stream.endIfStopped()) {
                connection.requests().submit(stream, end);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (headHeld && !stream.channel().isInputShutdown()) {
            submitOrWait(ctx);
        }
        HeldEnd end = heldEnd;
        if (end != null && headSeen) {
            end.release();
        }
        if (!paused) {
            read();
        }
    }

    /** Many clients send the end of a request without a body in a packet of its own: such a request is not to look as if it had one. */
    private void submitOrWait(ChannelHandlerContext ctx) {
        if (!stream.isLikelyBodiless()) {
            submitHeld(false);
        } else if (wait == null) {
            wait = ctx.executor().schedule(() -> submitHeld(false), END_AWAITED_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // Not ChannelInputShutdownEvent: between the two the codec compares the octets with content-length.
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            onEnd();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void onCut() {
        connection.earlyEnd().forFault(Http3ErrorCode.H3_FRAME_ERROR);
    }

    private void onEnd() {
        if (stream.isClosed()) {
            return;
        }
        if (!headSeen) {
            ended = true;
            failFor("stream ended without a request", ResetCode.REQUEST_INCOMPLETE);
            return;
        }
        boolean wasEnded = ended;
        ended = true;
        memory.onEnd();
        if (headHeld) {
            submitHeld(true);
        } else if (!wasEnded && !discarding) {
            stream.listener().onData(Unpooled.EMPTY_BUFFER, true);
        }
        stream.onReceiveEnded();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.onCodecFault(cause);
        if (cause instanceof QuicStreamResetException reset) {
            connection.onResetReceived();
            ResetCode code = ResetCode.fromHttp3(reset.applicationProtocolCode());
            stream.fail(
                    new ProxyException(Kind.CLIENT_GONE, "stream reset by the client: " + code).withResetCode(code),
                    ResetCode.CANCEL);
            return;
        }
        if (!stream.isClosed() && (!headSeen || headHeld)) {
            headHeld = false;
            connection.requests().refuseMalformed(stream, String.valueOf(cause.getMessage()));
            return;
        }
        failFor(String.valueOf(cause.getMessage()), ResetCode.MESSAGE_ERROR);
    }

    /** Resets the stream for what the client did. */
    private void failFor(String fault, ResetCode code) {
        if (!stream.isClosed()) {
            stream.fail(new ProxyException(Kind.MALFORMED_REQUEST, fault), code);
            connection.onResetProvoked();
        }
    }

    private void stopWaiting() {
        Future<?> pending = wait;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopWaiting();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stream.fail(new ProxyException(Kind.CLIENT_GONE, "connection to the client lost"), ResetCode.CANCEL);
        ctx.fireChannelInactive();
    }
}
