package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * A client's request and the way back. What arrives comes from {@link RequestInput}; what is written goes through {@link StreamOutput}.
 * Confined to the event loop of its connection.
 */
final class Http3ServerStream implements ServerStream, StreamOutput.Events, CapsuleTunnel.Inlet {
    private final Http3ServerConnection connection;
    private final QuicStreamChannel channel;
    private final RequestInput input;
    private final StreamOutput output = new StreamOutput(this);
    private final ResponseFrames frames;
    private final RequestHead head = new RequestHead();
    private StreamListener listener = IgnoredInput.LISTENER;
    private @Nullable CapsuleTunnel tunnel; // where the request asks for one that may have datagrams
    private final StreamPriority priority;
    private boolean handedOver;
    private @Nullable ProxyException earlyFailure; // came before the receiver had returned a listener
    private boolean sendEnded; // the last part was taken
    private boolean closed;
    private boolean bodyLate;

    Http3ServerStream(Http3ServerConnection connection, QuicStreamChannel channel) {
        this.connection = connection;
        this.channel = channel;
        input = new RequestInput(this, connection);
        priority = new StreamPriority(channel);
        frames = new ResponseFrames(channel, output);
    }

    /** Puts the handlers in place. The codec's are there already. */
    void install() {
        channel.config().setAutoRead(false);
        channel.pipeline().addFirst(output);
        input.install(channel.pipeline());
    }

    QuicStreamChannel channel() {
        return channel;
    }

    RequestHead head() {
        return head;
    }

    StreamOutput output() {
        return output;
    }

    RequestInput input() {
        return input;
    }

    StreamListener listener() {
        return listener;
    }

    boolean isClosed() {
        return closed;
    }

    /** Returns whether the stream is, or may become, a tunnel, whose halves end by themselves. */
    boolean isUpgrade() {
        return head.isUpgrade();
    }

    /** Returns whether a request such as this has no body, as a rule. */
    boolean isLikelyBodiless() {
        return !isUpgrade()
                && (head.method().isSafe() || head.method().equals(Method.DELETE))
                && !head.method().equals(Method.QUERY)
                && !head.fields().contains(FieldName.CONTENT_LENGTH)
                && !head.fields().contains(FieldName.CONTENT_TYPE);
    }

    StreamPriority priority() {
        return priority;
    }

    /** Takes who hears the rest of the request. */
    void handedOver(StreamListener newListener) {
        listener = newListener;
        handedOver = true;
        if (!closed && CapsuleTunnel.isAskedFor(head)) {
            tunnel = new CapsuleTunnel(connection.datagrams(), channel.streamId(), this);
        }
        ProxyException failure = earlyFailure;
        if (failure != null) {
            newListener.onFailure(failure);
        }
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
        return !closed && !input.isEnded() && !input.isPaused();
    }

    @Override
    public void onCapsule(ByteBuf capsule) {
        input.awaitAnew();
        listener.onData(capsule, false);
    }

    // ---- The end

    private void closeTunnel() {
        CapsuleTunnel capsules = tunnel;
        if (capsules != null) {
            tunnel = null;
            capsules.close();
        }
    }

    /** The request has ended. */
    void onReceiveEnded() {
        if (sendEnded) {
            close();
        }
    }

    /** Tells the listener that the stream has failed, and ends it. */
    void fail(ProxyException failure, ResetCode code) {
        if (closed) {
            return;
        }
        abort(code);
        tell(failure);
    }

    /** The body's time is up: the listener hears so, and may still write one response. */
    void failBody(ProxyException failure) {
        if (bodyLate) {
            fail(failure, ResetCode.CANCEL); // nobody has answered within the same time again
            return;
        }
        bodyLate = true;
        refuseRest(failure);
    }

    /** The rest of the request is not taken: the listener hears so, and may still write one response. */
    void refuseRest(ProxyException failure) {
        input.discard();
        tell(failure);
    }

    private void tell(ProxyException failure) {
        if (!handedOver) {
            earlyFailure = failure;
            return;
        }
        StreamListener told = listener;
        listener = IgnoredInput.LISTENER;
        told.onFailure(failure);
    }

    private void letGo() {
        frames.stop();
        output.discard();
        input.memory().close();
    }

    /** Ends the stream in both directions in such a way that nobody takes a message for whole. */
    private void abort(ResetCode code) {
        closed = true;
        letGo();
        boolean abandoned = !channel.isInputShutdown();
        closeTunnel();
        // First the reset, then the close: a close alone would send FIN, and the message would look whole.
        channel.shutdown(code.http3Code());
        channel.close();
        connection.onStreamGone(this, code, abandoned);
    }

    /** Ends a stream whose response is whole, whether the rest of the request has come or not. */
    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        letGo();
        closeTunnel();
        boolean abandoned = !channel.isInputShutdown();
        if (!input.isEnded()) {
            // RFC 9114 §4.1: the response is whole, so the request need not be
            channel.shutdownInput(ResetCode.NO_ERROR.http3Code());
        }
        channel.close();
        connection.onStreamGone(this, null, abandoned);
    }

    // ---- StreamOutput.Events

    @Override
    public void onBacklog(int change) {
        connection.onBacklog(change);
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
        if (!connection.hasRoom()) {
            onOutputWritable();
        }
    }

    @Override
    public void onOutputEnded() {
        sendEnded = true;
        if (input.isEnded()) {
            close();
        } else if (!isUpgrade()) {
            input.discardRest();
        }
    }

    /**
     * Ends the stream if the client has stopped its response, which is a way to cancel a request whose end was sent.
     *
     * @return whether it is over
     */
    boolean endIfStopped() {
        if (!closed && !sendEnded && StoppedStreams.contain(channel)) {
            onStopped();
        }
        return closed;
    }

    private void onStopped() {
        connection.onResetReceived();
        fail(
                new ProxyException(Kind.CLIENT_GONE, "response stopped by the client").withResetCode(ResetCode.CANCEL),
                ResetCode.CANCEL);
    }

    /** The rest of a request that was answered is not worth reading. */
    void giveUpRest() {
        close();
    }

    @Override
    public void onOutputFailed(Throwable cause) {
        if (!closed && cause instanceof ChannelOutputShutdownException) {
            onStopped();
            return;
        }
        fail(
                new ProxyException(Kind.CLIENT_GONE, "response not taken by the client: " + cause.getMessage())
                        .withResetCode(ResetCode.CANCEL),
                ResetCode.CANCEL);
    }

    // ---- ServerStream

    @Override
    public ConnectionInfo connection() {
        return connection.info();
    }

    @Override
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public void writeInformational(ResponseHead informational) {
        frames.informational(informational);
    }

    @Override
    public void writeHead(ResponseHead response, boolean end) {
        if (!frames.takesHead()) {
            return;
        }
        int status = response.status();
        boolean agrees = status == 101;
        if (agrees != isUpgrade() && (agrees || status < 300)) {
            // RFC 9220 §3: a 2xx would open the tunnel that was not agreed to; and 101 cannot be said where nobody
            // asked.
            fail(
                    new ProxyException(
                            Kind.MALFORMED_RESPONSE,
                            "status: " + status + " (expected: " + (isUpgrade() ? "101, or a refusal" : "not 101")
                                    + ")"),
                    ResetCode.CONNECT_ERROR);
            return;
        }
        if (!agrees) {
            closeTunnel();
        }
        priority.onResponse(response.fields());
        frames.head(FieldSections.response(response, agrees ? 200 : status, agrees), end);
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        CapsuleTunnel capsules = tunnel;
        if (capsules == null || !frames.takesBody()) {
            frames.data(data, end);
            return;
        }
        capsules.send(data, channel.alloc(), octets -> frames.data(octets, false));
        if (end) {
            frames.data(Unpooled.EMPTY_BUFFER, true);
        }
    }

    @Override
    public void writeTrailers(Fields trailers) {
        frames.trailers(trailers);
    }

    @Override
    public boolean push(RequestHead request) {
        return !isUpgrade() && connection.pushes().promise(frames, request);
    }

    @Override
    public void reset(ResetCode code) {
        if (!closed) {
            abort(code);
        }
    }

    @Override
    public boolean isWritable() {
        return !closed && output.isWritable() && (connection.hasRoom() || output.isLow());
    }

    @Override
    public void pauseReading() {
        input.pause();
    }

    @Override
    public void resumeReading() {
        input.resume();
    }

    /**
     * Returns whether the body's next octets are overdue if they do not come: not once an answer has begun, nor in a tunnel, nor in a
     * call of gRPC, whose messages may be hours apart.
     */
    boolean awaitsBody() {
        return input.awaitsOctets() && !closed && !frames.isHeadWritten() && !isUpgrade() && !isGrpc();
    }

    private boolean isGrpc() {
        int at = head.fields().indexOf(FieldName.CONTENT_TYPE);
        return at >= 0 && head.fields().valueStartsWithIgnoreCaseAt(at, "application/grpc");
    }
}
