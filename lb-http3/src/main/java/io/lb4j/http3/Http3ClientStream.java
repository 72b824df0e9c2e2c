package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3Frame;
import io.netty.handler.codec.http3.Http3RequestStreamInitializer;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A request to an endpoint, and its response, which comes by {@link ResponseInput}. The QUIC stream is opened with the request's head. Confined to
 * the event loop of its connection.
 */
final class Http3ClientStream implements ClientStream, StreamOutput.Events, CapsuleTunnel.Inlet {
    private final Http3ClientConnection connection;
    private final ResponseListener listener;
    private final ResponseInput input;
    private final StreamOutput output = new StreamOutput(this);
    private @Nullable QuicStreamChannel channel;
    private @Nullable CapsuleTunnel tunnel; // where the request asks for one that may have datagrams
    // Waits for the end of the handshake, or until the endpoint has said whether it knows extended CONNECT.
    private @Nullable RequestHead held;
    private final Deque<Http3Frame> heldParts = new ArrayDeque<>();
    private boolean begun;
    private boolean early; // the request went before the handshake was over
    private boolean headWritten;
    private boolean upgrade;
    private boolean asksHead;
    private boolean finished; // the last part was handed in
    private boolean sendEnded;
    private boolean closed;

    Http3ClientStream(Http3ClientConnection connection, ResponseListener listener) {
        this.connection = connection;
        this.listener = listener;
        input = new ResponseInput(this, connection);
    }

    /** Returns the stream's id, or -1 before it has begun. */
    long id() {
        QuicStreamChannel known = channel;
        return known == null ? -1 : known.streamId();
    }

    @Nullable QuicStreamChannel channel() {
        return channel;
    }

    ResponseListener listener() {
        return listener;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isUpgrade() {
        return upgrade;
    }

    /** Returns whether a response has no body, whatever its content-length. */
    boolean isBodiless(int status) {
        return asksHead || status == 204 || status == 304;
    }

    /** Hands octets of the body on. */
    void deliver(ByteBuf data) {
        CapsuleTunnel capsules = tunnel;
        if (capsules != null) {
            capsules.follow(data);
        }
        listener.onData(data, false);
    }

    // ---- CapsuleTunnel.Inlet

    @Override
    public boolean isOpen() {
        return !closed && input.isHeadSeen() && !input.isEnded() && !input.isPaused();
    }

    @Override
    public void onCapsule(ByteBuf capsule) {
        listener.onData(capsule, false);
    }

    // ---- The end

    /** The response has ended. */
    void onReceiveEnded() {
        if (sendEnded) {
            close();
        }
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        QuicStreamChannel opened = channel;
        if (opened != null) {
            opened.close();
        }
        release();
    }

    private void release() {
        output.discard();
        heldParts.forEach(ReferenceCountUtil::release);
        heldParts.clear();
        held = null;
        CapsuleTunnel capsules = tunnel;
        if (capsules != null) {
            capsules.close();
        }
        connection.onStreamGone(this, begun);
    }

    /** Tells the listener that the stream has failed, with how far it had come. */
    void fail(ProxyException failure) {
        if (closed) {
            return;
        }
        abort(ResetCode.CANCEL);
        listener.onFailure(asSeen(failure));
    }

    private ProxyException asSeen(ProxyException failure) {
        if (failure.kind() != Kind.UPSTREAM_CLOSED) {
            return failure;
        }
        return new ProxyException(
                input.isHeadSeen() ? Kind.UPSTREAM_TRUNCATED : Kind.UPSTREAM_CLOSED,
                output.hasFlushed() ? failure.delivery() : Delivery.UNPROCESSED,
                String.valueOf(failure.getMessage()),
                failure.getCause());
    }

    private void abort(ResetCode code) {
        closed = true;
        QuicStreamChannel opened = channel;
        if (opened != null) {
            // First the reset, then the close: a close alone would send FIN, and the request would look whole.
            opened.shutdown(code.http3Code());
            opened.close();
            connection.onReset(Figure.STREAMS_RESET);
        }
        release();
    }

    // ---- StreamOutput.Events

    @Override
    public void onBacklog(int change) {
        // what waits for endpoints is bounded by each stream's own mark
    }

    @Override
    public void onOutputWaiting() {
        connection.flushLater(output);
    }

    @Override
    public void onOutputWritable() {
        if (!closed) {
            listener.onWritable();
        }
    }

    @Override
    public void onOutputLow() {
        // a stream to an endpoint waits for nobody but itself
    }

    @Override
    public void onOutputEnded() {
        sendEnded = true;
        if (input.isEnded()) {
            close();
        }
    }

    @Override
    public void onOutputFailed(Throwable cause) {
        // RFC 9114 §4.1: the endpoint wants no more of the request; its response, or a reset, says what it makes of it.
        finished = true;
        sendEnded = true;
        output.discard();
        if (input.isEnded()) {
            close();
        }
    }

    // ---- ClientStream

    @Override
    public void writeHead(RequestHead request, boolean end) {
        if (!takesMore() || headWritten) {
            return;
        }
        headWritten = true;
        upgrade = request.isUpgrade();
        asksHead = request.method().equals(Method.HEAD);
        finished = end;
        if (mustWait(request, end)) {
            held = request.copy();
            return;
        }
        begin(request, end);
    }

    private boolean mustWait(RequestHead request, boolean end) {
        return connection.mustAwaitHandshake(request, end) || (upgrade && !connection.areSettingsKnown());
    }

    /** Returns whether a response says that the request came too early: it may come again, for it was not processed (RFC 8470 §5.2). */
    boolean isTooEarly(int status) {
        return early && status == 425;
    }

    /** Sends the head that was held back, if it may go now. */
    void sendHeld() {
        RequestHead waiting = held;
        boolean end = finished && heldParts.isEmpty();
        if (waiting != null && !mustWait(waiting, end)) {
            held = null;
            begin(waiting, end);
            while (!heldParts.isEmpty() && !closed) {
                Http3Frame part = heldParts.remove();
                write(part, finished && heldParts.isEmpty());
            }
        }
    }

    private void begin(RequestHead request, boolean end) {
        if (upgrade && !connection.offersConnectProtocol()) {
            abort(ResetCode.CANCEL);
            listener.onFailure(new ProxyException(
                            Kind.UPSTREAM_REFUSED,
                            Delivery.UNPROCESSED,
                            "extended CONNECT: not offered by the endpoint",
                            null)
                    .withResetCode(ResetCode.HTTP_1_1_REQUIRED));
            return;
        }
        Future<QuicStreamChannel> opened = connection
                .channel()
                .createStream(QuicStreamType.BIDIRECTIONAL, new Http3RequestStreamInitializer() {
                    @Override
                    protected void initRequestStream(QuicStreamChannel made) {
                        install(made);
                    }
                });
        begun = true;
        early = connection.isEarly();
        connection.onBegun();
        if (!opened.isSuccess()) { // on the event loop it is known at once
            fail(new ProxyException(
                    Kind.UPSTREAM_REFUSED,
                    Delivery.UNPROCESSED,
                    "stream: cannot be opened: " + opened.cause(),
                    opened.cause()));
            return;
        }
        if (CapsuleTunnel.isAskedFor(request)) {
            tunnel = new CapsuleTunnel(connection.datagrams(), opened.getNow().streamId(), this);
        }
        write(new DefaultHttp3HeadersFrame(FieldSections.request(request)), end);
    }

    private void install(QuicStreamChannel made) {
        channel = made;
        made.config().setAutoRead(false);
        made.pipeline().addFirst(output);
        input.install(made.pipeline());
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        if (!takesMore() || !headWritten) {
            data.release();
            return;
        }
        finished = end;
        CapsuleTunnel capsules = tunnel;
        if (capsules == null) {
            sendOctets(data, end);
            return;
        }
        capsules.send(data, connection.channel().alloc(), octets -> sendOctets(octets, false));
        if (end) {
            sendOctets(Unpooled.EMPTY_BUFFER, true);
        }
    }

    private void sendOctets(ByteBuf data, boolean end) {
        // Sliced, for the codec reads from the buffer's start, wherever its reader index is.
        send(new DefaultHttp3DataFrame(data.readerIndex() == 0 ? data : data.slice()), end);
    }

    @Override
    public void writeTrailers(Fields trailers) {
        if (takesMore() && headWritten) {
            finished = true;
            send(new DefaultHttp3HeadersFrame(FieldSections.trailers(trailers)), true);
        }
    }

    private void send(Http3Frame frame, boolean end) {
        if (held == null) {
            write(frame, end);
        } else {
            heldParts.add(frame);
        }
    }

    private void write(Http3Frame frame, boolean end) {
        QuicStreamChannel opened = channel;
        if (opened == null) {
            ReferenceCountUtil.release(frame);
            return;
        }
        ChannelPromise promise = opened.newPromise();
        opened.write(frame, end ? output.lastPromise(promise) : promise);
    }

    private boolean takesMore() {
        return !closed && !finished;
    }

    @Override
    public void reset(ResetCode code) {
        if (!closed) {
            abort(code);
        }
    }

    @Override
    public boolean isWritable() {
        return !closed && output.isWritable();
    }

    @Override
    public void pauseReading() {
        input.pause();
    }

    @Override
    public void resumeReading() {
        input.resume();
    }
}
