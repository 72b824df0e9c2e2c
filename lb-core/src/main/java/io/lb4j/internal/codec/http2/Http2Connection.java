package io.lb4j.internal.codec.http2;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.internal.codec.hpack.FieldSink;
import io.lb4j.internal.codec.hpack.HpackDecoder;
import io.lb4j.internal.codec.hpack.HpackEncoder;
import io.lb4j.internal.codec.hpack.HpackException;
import io.lb4j.internal.loop.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both ends of an HTTP/2 connection (RFC 9113) have in common: its life from the preface to the end, and the parts that frames
 * pass through. It is the last handler of its channel, behind TLS where there is any.
 *
 * <p>A fault of the peer ends the stream or the connection, as the RFC says. When the connection ends by our will, our side is closed
 * first and the peer's answer awaited for a moment, so that what was sent last is not lost with unread octets.
 *
 * <p>Confined to its event loop.
 */
abstract sealed class Http2Connection extends ChannelInboundHandlerAdapter
        permits Http2ServerConnection, Http2ClientConnection {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);
    private static final int TABLE_OCTETS = 4_096; // of both HPACK tables: what holds without a word (RFC 9113 §6.5.2)

    private final LoopContext loop;
    private final Http2Limits limits;
    private final Role role;
    private final PeerSettings peer = new PeerSettings();
    private final StreamTable streams = new StreamTable(this);
    private final HpackDecoder decoder;
    private final HeadEncoder headEncoder = new HeadEncoder(new HpackEncoder(TABLE_OCTETS));
    private final ReceiveFlow receiveFlow;
    private final FrameReader reader;
    private final AbuseGuard abuse;
    private final ConnectionWatch watch;
    private final TurnOutput output = new TurnOutput(this);

    // Mutable state, confined to the event loop.
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable FrameWriter writer;
    private @Nullable SendFlow sendFlow;
    private @Nullable ChannelExit exit;
    private boolean started;
    private boolean ended; // nothing more is read, nothing more is sent but what was written
    private boolean gone; // the channel is closed
    private @Nullable Throwable channelFault;

    Http2Connection(LoopContext loop, Http2Limits limits, Role role) {
        this.loop = loop;
        this.role = role;
        this.limits = limits;
        decoder = new HpackDecoder(
                TABLE_OCTETS, limits.heads().maxListOctets(), limits.heads().maxFields());
        receiveFlow = new ReceiveFlow(this, limits.windows());
        reader = new FrameReader(new FrameDispatch(this), limits, isServer());
        abuse = new AbuseGuard(limits.abuse());
        watch = new ConnectionWatch(this, loop.timer());
    }

    // ---- What the two ends do differently

    /** Writes the preface and our SETTINGS. */
    abstract void writePreface(FrameWriter target);

    abstract void onHeaderBlock(HeaderBlock block) throws Http2Error;

    /** Returns whether no message has been sent on this stream yet by whoever would have to open it. */
    abstract boolean isIdle(int streamId);

    /** Returns the last stream of the peer's that we have taken up. */
    abstract int lastPeerStream();

    abstract void onPeerSettings(boolean isFirst);

    abstract void onPeerGoAway(int lastStream, long code);

    abstract void onPingAcknowledged(long opaque);

    /** The peer has reset a stream. */
    abstract void onStreamReset(Http2Stream stream, long code);

    /** A half of the stream has ended. */
    abstract void onHalfEnded(Http2Stream stream);

    /** A stream is gone from the table. */
    abstract void onStreamGone(Http2Stream stream);

    abstract void onIdleTimeout();

    abstract void onBodyTimeout(Http2Stream stream);

    abstract void finishDrain();

    /** What is to be done before what was written is sent. */
    abstract void beforeFlush() throws Http2Error;

    /** The connection has ended: comes once. */
    abstract void onEnded(ProxyException reason);

    // ---- The parts

    final boolean isServer() {
        return role == Role.SERVER;
    }

    final LoopContext loop() {
        return loop;
    }

    final Http2Limits limits() {
        return limits;
    }

    final PeerSettings peer() {
        return peer;
    }

    final StreamTable streams() {
        return streams;
    }

    final HeadEncoder headEncoder() {
        return headEncoder;
    }

    final ReceiveFlow receiveFlow() {
        return receiveFlow;
    }

    final AbuseGuard abuse() {
        return abuse;
    }

    final ConnectionWatch watch() {
        return watch;
    }

    final FrameWriter writer() {
        return require(writer);
    }

    final SendFlow sendFlow() {
        return require(sendFlow);
    }

    final ChannelHandlerContext context() {
        return require(ctx);
    }

    private static <T> T require(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("HTTP/2 connection: not in a pipeline yet");
        }
        return part;
    }

    /** Returns whether nothing more is read or sent. */
    final boolean isEnded() {
        return ended;
    }

    /** Returns whether the channel is closed. */
    final boolean isGone() {
        return gone;
    }

    /** Returns whether the connection has begun and not ended. */
    final boolean isOpen() {
        return writer != null && !ended;
    }

    // ---- The channel

    @Override
    public final void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        FrameWriter newWriter = new FrameWriter(context);
        writer = newWriter;
        sendFlow = new SendFlow(this, newWriter);
        exit = new ChannelExit(context, watch);
        if (context.channel().isActive()) {
            start(newWriter);
        }
    }

    @Override
    public final void channelActive(ChannelHandlerContext context) {
        start(writer());
        context.fireChannelActive();
    }

    /** Begins, once: whoever adds the handler when a connect has succeeded does so before the channel tells that it is active. */
    private void start(FrameWriter target) {
        if (started) {
            return;
        }
        started = true;
        writePreface(target);
        receiveFlow.start();
        watch.onStart();
        requestFlush();
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf in)) {
            context.fireChannelRead(message);
            return;
        }
        watch.onHeard();
        try {
            while (!ended && in.isReadable()) {
                read(in);
            }
        } finally {
            in.release();
        }
    }

    private void read(ByteBuf in) {
        try {
            reader.read(in);
        } catch (Http2Error fault) {
            onFault(fault);
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext context) {
        loop.flusher().endEvent();
        context.fireChannelReadComplete();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            output.onWritable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // The channel tells of write failures here too; either way it can serve no longer, and channelInactive follows.
        channelFault = cause;
        if (cause instanceof RuntimeException || cause instanceof Error) {
            LOG.warn("HTTP/2 connection closed after a fault of this program", cause);
        }
        closeChannel();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        onGone();
        context.fireChannelInactive();
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext context) {
        onGone();
    }

    private void onGone() {
        if (gone) {
            return;
        }
        gone = true;
        watch.stop();
        Throwable cause = channelFault;
        String how = cause == null ? "connection closed by the peer" : "connection lost: " + cause;
        endStreams(new ProxyException(role.loss(), ProxyException.Delivery.UNKNOWN, how, cause));
        writer().release();
    }

    // ---- Sending

    /** Sends what is written, when the loop's present turn is over. */
    final void requestFlush() {
        output.request();
    }

    /** Sends the block that was made last as the head or the trailers of a stream. */
    final void writeBlock(Http2Stream stream, boolean end) {
        writer().headers(stream.id(), headEncoder.block(), end, peer.maxFrame());
        abuse.onUsefulFrame();
        requestFlush();
    }

    final void sendWindowUpdate(int streamId, int increment) {
        writer().windowUpdate(streamId, increment);
        requestFlush();
    }

    /**
     * Decodes a block.
     *
     * @return whether it was within the limits
     * @throws Http2Error if it cannot be decoded, which ends the connection
     */
    final boolean decode(HeaderBlock block, FieldSink sink) throws Http2Error {
        try {
            return decoder.decode(block.octets(), block.start(), block.length(), sink);
        } catch (HpackException e) {
            throw Http2Error.connection(ErrorCode.COMPRESSION_ERROR, String.valueOf(e.getMessage()));
        }
    }

    final HpackDecoder decoder() {
        return decoder;
    }

    // ---- The end of the connection

    final void onFault(Http2Error fault) {
        // RFC 9113 §6.4: RST_STREAM is not for streams that are idle
        if (fault.streamId() == 0 || isIdle(fault.streamId())) {
            Kind kind = fault.code() == ErrorCode.ENHANCE_YOUR_CALM && isServer() ? Kind.CLIENT_ABUSE : role.fault();
            end(fault.code(), new ProxyException(kind, fault.description()));
            return;
        }
        Http2Stream stream = streams.find(fault.streamId());
        if (stream != null) {
            streams.abort(stream, fault.code(), new ProxyException(role.fault(), fault.description()));
        } else {
            streams.refuse(fault.streamId(), fault.code());
        }
        countProvokedReset();
    }

    private void countProvokedReset() {
        try {
            abuse.onResetProvoked();
        } catch (Http2Error tooMany) {
            onFault(tooMany);
        }
    }

    /** The peer has let time pass. */
    final void endLate(int code, String what) {
        end(code, new ProxyException(role.loss(), ErrorCode.name(code) + ": " + what));
    }

    /** The peer takes nothing of what waits for it. */
    final void onWriteStall(Http2Stream stream) {
        String what = "peer took nothing for " + limits.timeouts().writeStall();
        streams.abort(stream, ErrorCode.CANCEL, new ProxyException(role.stall(), what));
    }

    /** Says goodbye with a code, lets all streams fail and closes our side. */
    final void end(int code, ProxyException reason) {
        if (ended) {
            return;
        }
        writer().goAway(lastPeerStream(), code, String.valueOf(reason.getMessage()));
        writer().flush(); // before streams fail, for what they say of themselves depends on whether they were sent
        endStreams(reason);
        exit().begin(false);
    }

    /** Closes our side after the last stream. */
    final void closeWhenDone(ProxyException reason) {
        if (!ended && streams.isEmpty()) {
            writer().flush();
            endStreams(reason);
            exit().begin(true);
        }
    }

    private void endStreams(ProxyException reason) {
        if (ended) {
            return;
        }
        ended = true;
        reader.stop();
        streams.failAll(reason);
        onEnded(reason);
    }

    /** Closes the channel at once. */
    final void closeChannel() {
        exit().closeNow();
    }

    private ChannelExit exit() {
        return require(exit);
    }
}
