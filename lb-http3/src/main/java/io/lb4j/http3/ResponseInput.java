package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What arrives of an endpoint's response. Confined to the event loop of its connection. */
final class ResponseInput extends ChannelInboundHandlerAdapter {
    private final Http3ClientStream stream;
    private final Http3ClientConnection connection;
    private final ResponseHead head = new ResponseHead();
    private final ResponseHead informational = new ResponseHead();
    private @Nullable ChannelHandlerContext context;
    private @Nullable CharSequence setAside; // the content-length of a response without a body
    private boolean headSeen;
    private boolean headHeld;
    private boolean ended;
    private boolean paused;

    ResponseInput(Http3ClientStream stream, Http3ClientConnection connection) {
        this.stream = stream;
        this.connection = connection;
    }

    /** Puts the handlers in place, behind the codec's. */
    void install(ChannelPipeline pipeline) {
        List<String> names = pipeline.names();
        // The last of the codec's own compares content-length with the octets that come, and knows neither 204 nor 304.
        String judge = names.get(names.size() - 2);
        pipeline.addBefore(judge, "content-length", new ContentLengths());
        pipeline.addFirst(FrameBounds.ofRequest(this::onCut, octets -> {}));
        pipeline.addLast(this);
    }

    /** Takes the content-length of a response without a body out of the codec's sight. */
    private final class ContentLengths extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http3HeadersFrame frame && !headSeen) {
                Http3Headers headers = frame.headers();
                CharSequence status = headers.status();
                boolean bodiless = status != null
                        && (status.toString().equals("304") || status.toString().equals("204"));
                setAside = bodiless ? headers.getAndRemove("content-length") : null;
            }
            ctx.fireChannelRead(message);
        }
    }

    boolean isHeadSeen() {
        return headSeen;
    }

    boolean isEnded() {
        return ended;
    }

    boolean isPaused() {
        return paused;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        if (paused) {
            paused = false;
            read();
        }
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
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (stream.isClosed()) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof Http3HeadersFrame frame) {
            onHeaders(frame.headers());
        } else if (message instanceof Http3DataFrame frame) {
            onData(frame.content());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void onHeaders(Http3Headers headers) {
        if (headSeen) {
            deliverHeld(false);
            onTrailers(headers);
            return;
        }
        String fault = connection.responses().read(headers, head);
        if (fault != null) {
            failMalformed(fault);
            return;
        }
        if (head.isInformational()) {
            informational.clear();
            informational.status(head.status()).version(head.version()).fields().addAll(head.fields());
            head.clear();
            stream.listener().onInformational(informational);
            return;
        }
        if (stream.isTooEarly(head.status())) {
            connection.onTooEarly();
            stream.fail(new ProxyException(
                    Kind.UPSTREAM_REFUSED, Delivery.UNPROCESSED, "status: 425 (expected: early data taken)", null));
            return;
        }
        headSeen = true;
        CharSequence length = setAside;
        if (length != null) {
            head.fields().set(FieldName.CONTENT_LENGTH, length);
        }
        if (stream.isUpgrade() && head.status() < 300) { // RFC 9220 §3: what 101 is to HTTP/1.1
            head.status(101).fields().remove(FieldName.CONTENT_LENGTH);
        }
        QuicStreamChannel channel = stream.channel();
        headHeld = channel != null && channel.isInputShutdown();
        if (!headHeld) {
            stream.listener().onHead(head, false);
        }
    }

    private void deliverHeld(boolean end) {
        if (headHeld && !stream.isClosed()) {
            headHeld = false;
            ended |= end;
            stream.listener().onHead(head, end);
        }
    }

    private void onTrailers(Http3Headers headers) {
        Fields trailers = connection.trailers();
        String fault = FieldSections.readTrailers(headers, trailers, connection.field());
        if (fault != null) {
            failMalformed(fault);
        } else if (!ended && !stream.isClosed()) {
            ended = true;
            stream.listener().onTrailers(trailers);
            stream.onReceiveEnded();
        }
    }

    private void onData(ByteBuf data) {
        deliverHeld(false);
        if (ended || !data.isReadable() || stream.isClosed()) {
            data.release();
        } else if (!headSeen || (!stream.isUpgrade() && stream.isBodiless(head.status()))) {
            data.release();
            failMalformed("DATA of a response that has none");
        } else {
            stream.deliver(data);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!paused) {
            read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // Not ChannelInputShutdownEvent: between the two the codec compares the octets with content-length.
        if (event == ChannelInputShutdownReadComplete.INSTANCE && !stream.isClosed()) {
            onEnd();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void onCut() {
        failMalformed("stream ended within a frame");
        connection.close(Http3ErrorCode.H3_FRAME_ERROR);
    }

    private void onEnd() {
        if (!headSeen) {
            stream.fail(new ProxyException(Kind.UPSTREAM_RESET, "stream ended before a response"));
            return;
        }
        boolean wasEnded = ended;
        ended = true;
        if (headHeld) {
            deliverHeld(true);
        } else if (!wasEnded) {
            stream.listener().onData(Unpooled.EMPTY_BUFFER, true);
        }
        stream.onReceiveEnded();
    }

    private void failMalformed(String fault) {
        stream.fail(new ProxyException(headSeen ? Kind.UPSTREAM_TRUNCATED : Kind.MALFORMED_RESPONSE, fault));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicStreamResetException reset) {
            onReset(reset.applicationProtocolCode());
        } else {
            failMalformed(String.valueOf(cause.getMessage()));
        }
    }

    private void onReset(long received) {
        connection.onReset(Figure.STREAMS_RESET_BY_ENDPOINT);
        ResetCode code = ResetCode.fromHttp3(received);
        boolean unprocessed = !headSeen && code.saysUnprocessed();
        Kind kind = headSeen ? Kind.UPSTREAM_TRUNCATED : Kind.UPSTREAM_RESET;
        stream.fail(new ProxyException(
                        unprocessed ? Kind.UPSTREAM_REFUSED : kind,
                        unprocessed ? Delivery.UNPROCESSED : Delivery.UNKNOWN,
                        "stream reset by the endpoint: " + code + " (0x" + Long.toHexString(received) + ")",
                        null)
                .withResetCode(code));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stream.fail(new ProxyException(Kind.UPSTREAM_CLOSED, "connection to the endpoint lost"));
        ctx.fireChannelInactive();
    }
}
