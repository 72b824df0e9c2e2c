package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.Version;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.SslEarlyDataReadyEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection to an endpoint. Confined to its event loop. */
final class Http3ClientConnection extends ChannelInboundHandlerAdapter implements ClientConnection {
    private final Channel socket;
    private final Endpoint endpoint;
    private final Events events;
    private final UpstreamPlan plan;
    private final ResponseReader responses = new ResponseReader();
    private final FieldOctets field = new FieldOctets();
    private final Fields trailers = new Fields();
    private final Set<Http3ClientStream> streams = new LinkedHashSet<>();
    private final TurnEnd turnEnd;
    private @Nullable QuicChannel channel;
    private @Nullable DatagramPort datagrams;
    private @Nullable UpstreamMeter meter;
    private @Nullable KeepAlive keepAlive;
    private int unsent; // streams that are open and have not begun
    private boolean connected; // handed over
    private boolean handshaking = true;
    private Runnable onEarlyData = () -> {};
    private boolean settingsKnown;
    private boolean connectProtocol;
    private boolean draining;
    private boolean closed;

    Http3ClientConnection(Channel socket, Endpoint endpoint, Events events, UpstreamPlan plan) {
        this.socket = socket;
        this.endpoint = endpoint;
        this.events = events;
        this.plan = plan;
        turnEnd = new TurnEnd(
                action -> socket.eventLoop().execute(action),
                TurnEnd.later(socket.eventLoop()),
                System::nanoTime,
                PacketBatch.of(socket));
    }

    /** Returns what sets the channel up. */
    ChannelHandler setup() {
        return new ChannelInitializer<QuicChannel>() {
            @Override
            protected void initChannel(QuicChannel made) {
                channel = made;
                UpstreamMeter books = new UpstreamMeter(plan, made);
                meter = books;
                keepAlive = keepAlive(made);
                made.closeFuture().addListener(done -> {
                    books.onClosed();
                    socket.eventLoop().execute(socket::close); // a turn later: it may be in the middle of being read
                });
                boolean hasDatagrams = plan.settings().value(Http3UpstreamOptions.ENABLE_DATAGRAMS);
                DatagramPort port = new DatagramPort(made, hasDatagrams, plan.figures()::count);
                datagrams = port;
                Http3Settings local = new Http3Settings()
                        .maxFieldSectionSize(plan.settings().value(Http3UpstreamOptions.MAX_FIELD_SECTION))
                        .qpackMaxTableCapacity(0)
                        .qpackBlockedStreams(0)
                        .enableH3Datagram(hasDatagrams);
                made.pipeline().addLast(port, Http3ClientConnection.this);
                made.pipeline()
                        .addLast(new Http3ClientConnectionHandler(
                                new ControlFrames(), null, null, new DefaultHttp3SettingsFrame(local), true))
                        .addLast(Unheard.FAILURES);
            }
        };
    }

    private KeepAlive keepAlive(QuicChannel made) {
        boolean isKept = plan.settings().value(Http3UpstreamOptions.KEEP_ALIVE);
        return new KeepAlive(
                made,
                plan.settings().value(Http3UpstreamOptions.MAX_IDLE_TIMEOUT),
                () -> isKept && !streams.isEmpty() && !closed);
    }

    /** Hears what the endpoint says on its control stream. */
    private final class ControlFrames extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().addLast(Unheard.FAILURES);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http3SettingsFrame received) {
                datagrams().onSettings(received.settings());
                onSettings(Boolean.TRUE.equals(received.settings().connectProtocolEnabled()));
            } else if (frame instanceof Http3GoAwayFrame goAway) {
                onGoAway(goAway.id());
            }
            ReferenceCountUtil.release(frame);
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    QuicChannel channel() {
        return Objects.requireNonNull(channel);
    }

    DatagramPort datagrams() {
        return Objects.requireNonNull(datagrams);
    }

    private UpstreamMeter meter() {
        return Objects.requireNonNull(meter);
    }

    private KeepAlive keepAlive() {
        return Objects.requireNonNull(keepAlive);
    }

    ResponseReader responses() {
        return responses;
    }

    FieldOctets field() {
        return field;
    }

    Fields trailers() {
        trailers.clear();
        return trailers;
    }

    /** Sets what is to be done when requests may go before the handshake is over. */
    void onEarlyData(Runnable action) {
        onEarlyData = action;
    }

    /** Begins to be of use; returns whether the connection is still there. */
    boolean begin() {
        connected = !closed;
        return connected;
    }

    boolean hasBegun() {
        return connected;
    }

    /** The handshake is over of a connection that was of use before: what had to wait goes now. */
    void onHandshakeDone() {
        sendHeld();
        tellCapacity();
    }

    /** The handshake has failed of a connection that was of use before. */
    void onHandshakeFailed(ProxyException reason) {
        end(reason);
    }

    /** Returns whether a request has to wait for the end of the handshake. */
    boolean mustAwaitHandshake(RequestHead request, boolean end) {
        return handshaking && !plan.early().mayGo(request, end);
    }

    /** Notes that a request goes; returns whether it does so before the handshake is over. */
    boolean isEarly() {
        if (handshaking) {
            meter().onEarlyRequest();
        }
        return handshaking;
    }

    /** A request was told to come again when the handshake is over. */
    void onTooEarly() {
        plan.early().onTooEarly();
        plan.figures().count(Figure.REQUESTS_EARLY_REFUSED);
    }

    // ---- What the endpoint says

    private void onSettings(boolean offersConnect) {
        settingsKnown = true;
        connectProtocol = offersConnect;
        sendHeld();
    }

    private void sendHeld() {
        List.copyOf(streams).forEach(Http3ClientStream::sendHeld);
    }

    boolean areSettingsKnown() {
        return settingsKnown;
    }

    boolean offersConnectProtocol() {
        return connectProtocol;
    }

    private void onGoAway(long firstRefused) {
        beginDrain();
        for (Http3ClientStream stream : List.copyOf(streams)) {
            if (stream.id() < 0 || stream.id() >= firstRefused) { // RFC 9114 §5.2: never processed
                stream.fail(new ProxyException(
                        Kind.UPSTREAM_REFUSED, Delivery.UNPROCESSED, "GOAWAY: first stream " + firstRefused, null));
            }
        }
        closeIfDone();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicStreamLimitChangedEvent && connected) {
            tellCapacity();
        } else if (event instanceof SslEarlyDataReadyEvent) {
            socket.eventLoop().execute(onEarlyData); // written at once, it would be held back
        } else if (event instanceof QuicConnectionCloseEvent) {
            // The channel would go on for three timeouts (RFC 9000 §10.2.2), and be inactive only then. A turn later:
            // it is being read.
            end(new ProxyException(Kind.UPSTREAM_CLOSED, "connection closed by the endpoint"));
            socket.eventLoop().execute(channel()::close);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        handshaking = false;
        meter().onConnected();
        keepAlive().begin();
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(new ProxyException(Kind.UPSTREAM_CLOSED, "connection to the endpoint lost"));
        ctx.fireChannelInactive();
    }

    // ---- ClientConnection

    @Override
    public Version version() {
        return Version.HTTP_3;
    }

    @Override
    public int capacity() {
        if (!isUsable()) {
            return 0;
        }
        if (handshaking) {
            return streams.isEmpty() ? 1 : 0; // the codec does not tell yet how many more there may be
        }
        long granted = channel().peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) - unsent;
        int own = plan.settings().value(Http3UpstreamOptions.MAX_STREAMS) - streams.size();
        return (int) Math.max(0, Math.min(own, granted));
    }

    @Override
    public int activeStreams() {
        return streams.size();
    }

    @Override
    public boolean isUsable() {
        return !draining && !closed;
    }

    @Override
    public boolean isHandshakeComplete() {
        return !handshaking;
    }

    @Override
    public ClientStream open(ResponseListener listener) {
        if (capacity() == 0) {
            throw new IllegalStateException("capacity: 0 (expected: > 0)");
        }
        Http3ClientStream stream = new Http3ClientStream(this, listener);
        streams.add(stream);
        meter().onStream();
        keepAlive().begin();
        unsent++;
        return stream;
    }

    @Override
    public void drain() {
        beginDrain();
        closeIfDone();
    }

    private void beginDrain() {
        if (!draining && !closed) {
            draining = true;
            events.onDraining(this);
        }
    }

    private void closeIfDone() {
        if (draining && streams.isEmpty()) {
            close();
        }
    }

    @Override
    public void close() {
        close(new ProxyException(Kind.DRAINED, "connection closed by this side"), ResetCode.NO_ERROR.http3Code());
    }

    /** The endpoint has broken a rule of HTTP/3 that the codec does not look after. */
    void close(Http3ErrorCode fault) {
        close(new ProxyException(Kind.UPSTREAM_CLOSED, "connection closed by this side: " + fault), fault.code());
    }

    private void close(ProxyException reason, int code) {
        if (!closed) {
            end(reason);
            channel().close(true, code, Unpooled.EMPTY_BUFFER);
        }
    }

    private void end(ProxyException reason) {
        if (closed) {
            return;
        }
        closed = true;
        keepAlive().stop();
        List.copyOf(streams).forEach(stream -> stream.fail(reason));
        if (connected) {
            events.onClosed(this, reason);
        }
    }

    // ---- Streams

    /** A stream has begun: the endpoint's grant has gone down by it. */
    void onBegun() {
        unsent--;
    }

    /** A stream was reset, from this side or from the other. */
    void onReset(Figure whose) {
        plan.figures().count(whose);
    }

    void onStreamGone(Http3ClientStream stream, boolean begun) {
        if (!streams.remove(stream)) {
            return;
        }
        meter().onStreamGone();
        if (!begun) {
            unsent--;
        }
        closeIfDone();
        tellCapacity();
    }

    private void tellCapacity() {
        if (capacity() > 0) {
            events.onCapacity(this);
        }
    }

    /** Sends what a stream has written when the turn is over. */
    void flushLater(StreamOutput output) {
        turnEnd.flush(output);
    }
}
