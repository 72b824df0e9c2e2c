package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.internal.loop.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both ends of HTTP/1.1 have in common: octets that wait until their turn has come, reading that stops when too many do, and a
 * channel that ends in one way or another. Confined to its event loop.
 */
abstract sealed class Http1Connection extends ChannelInboundHandlerAdapter
        permits Http1ServerConnection, Http1ClientConnection {
    private static final Logger LOGGER = LoggerFactory.getLogger(Http1Connection.class);

    private final LoopContext loop;
    private final int maxHeldOctets;
    private final Patience patience;
    private @Nullable Wire wire;
    private @Nullable ByteBuf input;
    private @Nullable Throwable failure;
    private boolean isConsuming;
    private boolean isReading = true;
    private boolean inputHasEnded;
    private boolean endIsTold;
    private boolean closeNotified;
    private boolean outputEnds;
    private boolean isDisposed;

    /** What exists from the moment on that the handler is in a pipeline. */
    record Wire(ChannelHandlerContext context, WireOutput output, HeadWriter heads, BodyWriter body) {}

    Http1Connection(LoopContext loop, Http1Limits limits) {
        this.loop = loop;
        maxHeldOctets = limits.body().maxHeldOctets();
        patience = new Patience(loop.timer(), limits.times().write(), this::giveUpWaiting, this::giveUpWriting);
    }

    /** Called when the handler has been put into a pipeline. */
    void begin() {
        // By default nothing is due yet.
    }

    /**
     * Consumes a part of what has come, and delivers it.
     *
     * @param in has at least one octet; not to be touched after a call to a listener
     * @return whether there may be more to do now
     * @throws ProxyException if it is malformed
     */
    abstract boolean step(ByteBuf in) throws ProxyException;

    /** What has come is malformed. */
    abstract void refuse(ProxyException refusal);

    /** All that has come is consumed, and no more will come. */
    abstract void endInput();

    /** The channel is closed, by whatever side. */
    abstract void endChannel();

    /** Ends the exchange under way and cuts the connection. */
    abstract void lose(ProxyException reason);

    /** Returns whether more may be read; looked at where not too much waits already. */
    abstract boolean wantsInput();

    /** What {@link Patience#await} waited for has not come in time. */
    abstract void giveUpWaiting();

    /** A write has made no progress in its time. */
    abstract void giveUpWriting();

    /** The channel has become writable. */
    abstract void writable();

    final LoopContext loop() {
        return loop;
    }

    final Patience patience() {
        return patience;
    }

    final Wire wire() {
        Wire current = wire;
        if (current == null) {
            throw new IllegalStateException("handler: in no pipeline (expected: in one)");
        }
        return current;
    }

    final WireOutput output() {
        return wire().output();
    }

    /** Returns whether the connection is over for good. */
    final boolean isDisposed() {
        return isDisposed;
    }

    /** Returns whether something waits to be consumed. */
    final boolean hasInput() {
        ByteBuf held = input;
        return held != null && held.isReadable();
    }

    /** Returns whether nothing more will come than what waits. */
    final boolean inputHasEnded() {
        return inputHasEnded;
    }

    /** Returns whether the peer ended its half in a way that nobody on the path can have forged or cut short. */
    final boolean isInputWhole() {
        return failure == null && (closeNotified || wire().context().pipeline().get(SslHandler.class) == null);
    }

    /** Returns what broke the channel, where that is known. */
    final @Nullable Throwable failure() {
        return failure;
    }

    /** Returns the rest of what has come: the caller releases it. */
    final ByteBuf takeInput(ByteBuf in) {
        input = null;
        return in;
    }

    /** Returns the piece that a body has found in what has come: the caller releases it. */
    final ByteBuf takePiece(BodyReader body, ByteBuf in) {
        return body.takesAll(in) ? takeInput(in) : body.take(in);
    }

    /** Goes on with what waits; does nothing where that is under way already. */
    final void consume() {
        if (isConsuming) {
            return;
        }
        isConsuming = true;
        try {
            while (consumeSome()) {
                // Each turn takes one message's part.
            }
            if (input == null && inputHasEnded && !endIsTold && !isDisposed) {
                endIsTold = true;
                endInput();
            }
        } catch (RuntimeException fault) {
            // Not to be left to the caller: that may be the flusher, with other connections to see to.
            breakDown(fault);
        } finally {
            isConsuming = false;
        }
        updateReading();
    }

    private boolean consumeSome() {
        ByteBuf in = input;
        if (in == null) {
            return false;
        }
        boolean goesOn = true;
        try {
            goesOn = step(in);
        } catch (ProxyException refusal) {
            refuse(refusal);
        }
        ByteBuf rest = input;
        if (rest != null && !rest.isReadable()) {
            input = null;
            rest.release();
        }
        return goesOn && input != null;
    }

    /** Stops or starts reading as is right now. */
    final void updateReading() {
        Wire current = wire;
        if (current == null || isDisposed || inputHasEnded) {
            return;
        }
        ByteBuf held = input;
        boolean mayRead = wantsInput() && (held == null || held.readableBytes() <= maxHeldOctets);
        if (mayRead != isReading) {
            isReading = mayRead;
            current.context().channel().config().setAutoRead(mayRead);
        }
    }

    /**
     * Closes the writing half when all that was written has gone out.
     *
     * @param onDone is run when that has happened, or has failed
     */
    final void shutdownOutput(Runnable onDone) {
        outputEnds = true;
        output().flushNow();
        Hangup.shutdownOutput(wire().context(), onDone);
    }

    private void afterFlush() {
        if (!isDisposed) {
            patience.watch(output());
            consume(); // what has waited for an exchange to end
        }
    }

    /** Lets go of everything. Idempotent. */
    final void dispose() {
        isDisposed = true;
        patience.stop();
        Wire current = wire;
        if (current != null) {
            current.output().close();
        }
        ByteBuf held = input;
        if (held != null) {
            input = null;
            held.release();
        }
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext context) {
        WireOutput output = new WireOutput(context, loop.flusher(), this::afterFlush);
        HeadWriter heads = HeadWriter.ofThread();
        wire = new Wire(context, output, heads, new BodyWriter(output, heads));
        begin();
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext context) {
        // With the channel closed, what was received before may still wait for a listener that takes a pause.
        if (!isDisposed && context.channel().isActive()) {
            endChannel();
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf data)) {
            context.fireChannelRead(message);
            return;
        }
        if (isDisposed || !data.isReadable()) {
            data.release();
            return;
        }
        ByteBuf held = input;
        input = held == null ? data : join(context, held, data);
        consume();
    }

    /** Puts data behind what is held. Room grows by doubling: the cost of many small pieces stays linear. */
    static ByteBuf join(ChannelHandlerContext context, ByteBuf held, ByteBuf data) {
        ByteBuf joined = held;
        if (held.refCnt() > 1 || held.isReadOnly() || held.writableBytes() < data.readableBytes()) {
            int length = held.readableBytes();
            joined = context.alloc().directBuffer(Math.max(2 * length, length + data.readableBytes()));
            joined.writeBytes(held);
            held.release();
        }
        joined.writeBytes(data);
        data.release();
        return joined;
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext context) {
        loop.flusher().endEvent();
        context.fireChannelReadComplete();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!isDisposed && context.channel().isWritable()) {
            writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        inputHasEnded = true;
        endChannel();
        context.fireChannelInactive();
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext context, Object event) {
        // When our own half is closed, some TLS engines say the same of the other half; then only FIN is to be
        // believed.
        boolean isNotified = event == SslCloseCompletionEvent.SUCCESS && !outputEnds;
        if (!isDisposed && (isNotified || event == ChannelInputShutdownEvent.INSTANCE)) {
            closeNotified |= isNotified;
            inputHasEnded = true;
            consume();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (isDisposed) {
            // A write to a connection that is over fails for every piece: nothing is left that could hear of it.
            return;
        }
        if (cause instanceof IOException || cause.getCause() instanceof IOException) {
            failure = cause;
            Hangup.cut(context.channel());
            return;
        }
        breakDown(cause);
    }

    private void breakDown(Throwable cause) {
        LOGGER.warn("{}: a fault ends the connection", wire().context().channel(), cause);
        lose(new ProxyException(Kind.INTERNAL_FAULT, Delivery.UNKNOWN, "fault: " + cause, cause));
    }
}
