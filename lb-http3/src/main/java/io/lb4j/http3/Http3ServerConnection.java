package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.ResetCode;
import io.lb4j.spi.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.SniCompletionEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client's QUIC connection, from its first packet on: admission, the streams that are open, goodbye. The first handler of its channel behind {@link DatagramPort}.
 * Confined to its event loop. It is long, for it is where all parts of a connection meet: each has a class of its own.
 */
final class Http3ServerConnection extends ChannelInboundHandlerAdapter {
    private static final int CONNECTION_REFUSED = 0x2; // RFC 9000 §20.1

    private final Http3Loop loop;
    private final Http3Plan plan;
    private final QuicChannel channel;
    private final ConnectionMeter meter;
    private final DatagramPort datagrams;
    private final ClientInfo info;
    private final ClientPaths paths;
    private final Farewell farewell;
    private final EarlyEnd earlyEnd;
    private final StreamWatch watch;
    private final Conduct conduct;
    private final Backlog backlog;
    private final Memory memory;
    private final UnreadOctets unread;
    private final Set<Http3ServerStream> streams = new LinkedHashSet<>();
    private final PriorityUpdates priorities;
    private final RequestIntake requests;
    private final Pushes pushes;
    private final Handshake handshake;
    private final TurnEnd turnEnd;
    private Transport.@Nullable Admission admission;
    private boolean refused;
    private boolean leaving; // once its handshake is over
    private boolean ended;

    Http3ServerConnection(Http3Loop loop, QuicChannel channel) {
        this.loop = loop;
        this.channel = channel;
        plan = loop.plan();
        meter = new ConnectionMeter(channel, plan.figures());
        datagrams =
                new DatagramPort(channel, plan.settings().value(Http3Options.ENABLE_DATAGRAMS), plan.figures()::count);
        info = new ClientInfo(plan, meter, channel);
        paths = new ClientPaths(channel, info, loop, () -> drainFor(Figure.CONNECTIONS_DRAINED_MOVED));
        farewell = new Farewell(this, channel);
        priorities = new PriorityUpdates(this, farewell);
        earlyEnd = new EarlyEnd(channel, plan.figures());
        watch = new StreamWatch(this, plan, channel);
        conduct = new Conduct(this, plan);
        backlog = new Backlog(plan.settings(), plan.buffered(), plan.figures());
        memory = new Memory(plan.settings(), plan.kept(), new MemoryBounds());
        unread = new UnreadOctets(memory, plan.settings().value(Http3Options.INITIAL_MAX_DATA));
        requests = new RequestIntake(loop, info, conduct, priorities);
        pushes = new Pushes(this, plan, channel);
        handshake = new Handshake(this, loop, info.remoteAddress());
        turnEnd = new TurnEnd(
                action -> plan.context().afterTurn(loop.eventLoop(), action),
                TurnEnd.later(loop.eventLoop()),
                System::nanoTime,
                PacketBatch.of(channel.parent()));
    }

    ConnectionInfo info() {
        return info;
    }

    /** Returns what is measured of it. */
    ConnectionMeter meter() {
        return meter;
    }

    DatagramPort datagrams() {
        return datagrams;
    }

    PriorityUpdates priorities() {
        return priorities;
    }

    RequestIntake requests() {
        return requests;
    }

    Pushes pushes() {
        return pushes;
    }

    Handshake handshake() {
        return handshake;
    }

    EarlyEnd earlyEnd() {
        return earlyEnd;
    }

    Memory memory() {
        return memory;
    }

    UnreadOctets unread() {
        return unread;
    }

    StreamWatch watch() {
        return watch;
    }

    Set<Http3ServerStream> streams() {
        return streams;
    }

    /** Returns whether neither a request nor a push is open. */
    boolean isIdle() {
        return streams.isEmpty() && pushes.isEmpty();
    }

    /** Returns whether its handshake is over, and its goodbye has not begun. */
    boolean isSettled() {
        return !handshake.isUnderWay() && !farewell.isBegun() && !ended;
    }

    // ---- The connection's life

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        loop.add(this);
        handshake.begin();
        if (!mayBlockHeads()) {
            ctx.read(); // or early data would wait for the end of the handshake, as it must where QPACK has
            // streams to open first
        }
        if (loop.isDraining()) {
            refuse(Figure.CONNECTIONS_REFUSED);
        } else if (plan.figures().value(Figure.HANDSHAKES_OPEN)
                > plan.settings().value(Http3Options.MAX_HANDSHAKES)) {
            refuse(Figure.CONNECTIONS_REFUSED_HANDSHAKES);
        }
    }

    /** Refuses the connection; not at once, for its channel is yet being made. */
    private void refuse(Figure cause) {
        refused = true;
        plan.figures().count(cause);
        loop.eventLoop().execute(() -> channel.close(false, CONNECTION_REFUSED, Unpooled.EMPTY_BUFFER));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        handshake.complete(channel, info);
        paths.onConnected();
        plan.figures().count(Figure.CONNECTIONS);
        plan.meters().add(meter);
        memory.add(plan.settings().value(Http3Options.QPACK_TABLE));
        if (isAdmitted()) {
            ctx.fireChannelActive();
        }
        if (leaving) {
            loop.eventLoop().execute(this::giveWay); // the stream that it says goodbye on is there by then
        }
    }

    /** Asks for admission once the client has proven its address, or has sent early data; refuses the connection without. */
    private boolean isAdmitted() {
        if (admission != null || refused) {
            return !refused;
        }
        Optional<Transport.Admission> admitted = plan.context().admit(info.remoteAddress(), loop.eventLoop());
        if (admitted.isEmpty()) {
            refuse(Figure.CONNECTIONS_REFUSED);
            return false;
        }
        admission = admitted.get();
        plan.figures().count(Figure.CONNECTIONS_OPEN);
        return true;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end(); // of a connection that never became active nothing else is heard
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        earlyEnd.onEnded();
        handshake.onConnectionEnded();
        watch.stop();
        farewell.stop();
        paths.close();
        meter.read();
        memory.close();
        plan.meters().remove(meter);
        if (channel.isTimedOut()) {
            plan.figures().count(Figure.CONNECTIONS_TIMED_OUT);
        }
        ProxyException lost = new ProxyException(Kind.CLIENT_GONE, "connection to the client lost");
        List.copyOf(streams).forEach(stream -> stream.fail(lost, ResetCode.CANCEL));
        pushes.fail(lost);
        requests.onConnectionEnded();
        Transport.Admission held = admission;
        if (held != null) {
            held.release();
            plan.figures().add(Figure.CONNECTIONS_OPEN, -1);
        }
        loop.remove(this);
    }

    /** Ends the connection because it is too much of a load, which is counted as such. */
    void endFor(Figure load, String reason) {
        earlyEnd.forLoad(load, reason);
    }

    void close(ResetCode code, String reason) {
        ByteBuf words = ByteBufUtil.writeUtf8(channel.alloc(), reason);
        channel.close(true, code.http3Code(), words);
    }

    /** Closes the connection at once. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        channel.close(true, ResetCode.NO_ERROR.http3Code(), Unpooled.EMPTY_BUFFER)
                .addListener(done -> closed.complete(null));
        return closed;
    }

    /** Lets the streams that are open end, and then closes; at once where the handshake is not over, for nothing has been taken. */
    void drain() {
        farewell.begin();
    }

    /** Drains for another has taken over, which clients shall not notice: a handshake under way ends first, and who has just come has a moment to ask. */
    void giveWay() {
        if (handshake.isUnderWay()) {
            leaving = true;
        } else if (!ended) {
            farewell.beginPatiently();
        }
    }

    /** Drains because it cannot go on much longer, which is counted as such. */
    void drainFor(Figure cause) {
        if (!farewell.isBegun()) {
            plan.figures().count(cause);
            drain();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SniCompletionEvent sni) {
            info.serverName(String.valueOf(sni.hostname()));
        } else if (event instanceof QuicPathEvent path) {
            paths.onEvent(path);
        } else if (event instanceof QuicConnectionCloseEvent close) {
            earlyEnd.onClosed(close);
            // The channel would go on for three timeouts (RFC 9000 §10.2.2), and be inactive only then. A turn later:
            // it is being read.
            loop.eventLoop().execute(channel::close);
        }
        ctx.fireUserEventTriggered(event);
    }

    // ---- Streams

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (handshake.isUnderWay()) {
            handshake.onEarlyStream();
        }
        if (isAdmitted()) {
            if (message instanceof QuicStreamChannel opened && opened.type() == QuicStreamType.UNIDIRECTIONAL) {
                opened.pipeline()
                        .addFirst(
                                FrameBounds.ofUnidirectional(this::onSkippedFrame), new UnidirectionalStream(conduct));
                conduct.onUnidirectionalStream();
            }
            ctx.fireChannelRead(message);
        }
    }

    /** Takes a stream that the client has opened for a request. */
    void onRequestStream(QuicStreamChannel opened) {
        watch.beforeStream();
        Http3ServerStream stream = new Http3ServerStream(this, opened);
        stream.install();
        streams.add(stream);
        plan.figures().count(Figure.STREAMS);
        plan.figures().count(Figure.STREAMS_OPEN);
        watch.onStream();
        conduct.onOpened();
        if (!farewell.takes(opened.streamId())) {
            stream.reset(ResetCode.REFUSED_STREAM);
        } else if (streams.size() > plan.settings().value(Http3Options.MAX_INCOMING_STREAMS)) {
            // quiche has dropped some that the client has stopped; here nobody knows which.
            stream.reset(ResetCode.REFUSED_STREAM);
            onResetReceived();
        }
    }

    /**
     * A stream is over.
     *
     * @param reset why it was reset; null if it was not
     * @param abandoned whether the client had not ended its side
     */
    void onStreamGone(Http3ServerStream stream, @Nullable ResetCode reset, boolean abandoned) {
        if (!streams.remove(stream)) {
            return;
        }
        plan.figures().add(Figure.STREAMS_OPEN, -1);
        if (reset == null) {
            conduct.onExchangeDone();
            if (!abandoned) {
                farewell.onResponded(stream.channel().streamId());
            }
        } else {
            plan.figures().count(Figure.STREAMS_RESET);
        }
        if (abandoned && !ended) {
            conduct.onAbandoned();
        }
        onStreamsFewer();
    }

    /** A request or a push is over. */
    void onStreamsFewer() {
        if (isIdle()) {
            farewell.onIdle();
        }
    }

    /** Returns whether heads may wait for entries of QPACK's table. */
    boolean mayBlockHeads() {
        return plan.settings().value(Http3Options.QPACK_TABLE) > 0;
    }

    /** A frame has come that moves no message on. */
    void onIdleFrame() {
        conduct.onIdleFrame();
    }

    /** A frame of a type that is not known is being skipped. */
    void onSkippedFrame(long octets) {
        conduct.onSkippedFrame(octets);
    }

    /** The client has made us reset a stream. */
    void onResetProvoked() {
        conduct.onResetProvoked();
    }

    /** The codec, or QUIC, may end the connection for what the client did. */
    void onCodecFault(Throwable cause) {
        earlyEnd.onFailure(cause);
    }

    void onResetReceived() {
        plan.figures().count(Figure.STREAMS_RESET_BY_CLIENT);
        conduct.onResetReceived();
    }

    // ---- The moment to send

    void onBacklog(int change) {
        memory.add(change);
        if (change != 0 && backlog.add(change)) {
            List.copyOf(streams).forEach(Http3ServerStream::onOutputWritable);
            pushes.onWritable();
        }
    }

    boolean hasRoom() {
        return backlog.hasRoom();
    }

    /** Sends what a stream has written when the turn is over. */
    void flushLater(StreamOutput output) {
        turnEnd.flush(output);
    }

    /** What happens where more is kept than may be. */
    private final class MemoryBounds implements Memory.Bounds {
        @Override
        public void onOver(long octets) {
            endFor(Figure.CONNECTIONS_OVER_MEMORY, "kept for this connection: " + octets + " octets");
        }

        @Override
        public void onAllOver() {
            loop.onTooMuchKept();
        }
    }
}
