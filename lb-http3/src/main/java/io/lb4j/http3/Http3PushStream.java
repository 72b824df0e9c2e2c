package io.lb4j.http3;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * A response that a client has been promised, on a stream of its own (RFC 9114 §4.6): the client has not asked for it, and may say that it does not want it. Confined to
 * the event loop of its connection.
 */
final class Http3PushStream implements ServerStream, StreamOutput.Events {
    private final Http3ServerConnection connection;
    private final QuicStreamChannel channel;
    private final long pushId;
    private final RequestHead head;
    private final StreamOutput output = new StreamOutput(this);
    private final ResponseFrames frames;
    private final StreamPriority priority;
    private StreamListener listener = IgnoredInput.LISTENER;
    private @Nullable ProxyException earlyFailure; // came before the receiver had returned a listener
    private boolean closed;

    Http3PushStream(Http3ServerConnection connection, Pushes.Promised promised, QuicStreamChannel channel) {
        this.connection = connection;
        this.channel = channel;
        pushId = promised.pushId();
        head = promised.request();
        frames = new ResponseFrames(channel, output);
        priority = new StreamPriority(channel);
        channel.pipeline().addFirst(output);
    }

    RequestHead head() {
        return head;
    }

    StreamPriority priority() {
        return priority;
    }

    /** Takes who is to hear of failures. */
    void handedOver(StreamListener newListener) {
        listener = newListener;
        ProxyException failure = earlyFailure;
        if (failure != null) {
            newListener.onFailure(failure);
        }
    }

    /** Ends the stream, and tells who writes to it. */
    void fail(ProxyException failure) {
        if (closed) {
            return;
        }
        reset(ResetCode.CANCEL);
        earlyFailure = failure;
        StreamListener told = listener;
        listener = IgnoredInput.LISTENER;
        told.onFailure(failure);
    }

    /** Ends the stream if the client has stopped it, or has taken nothing of it for so long. */
    void judge(long nowNanos, long writeNanos) {
        if (closed) {
            return;
        }
        long stalledSince = output.stalledSinceNanos();
        if (StoppedStreams.contain(channel)) {
            connection.pushes().onUnwanted(this, new ProxyException(Kind.CLIENT_GONE, "push stopped by the client"));
        } else if (stalledSince != StreamOutput.NOT_STALLED && nowNanos - stalledSince > writeNanos) {
            connection
                    .pushes()
                    .onUnwanted(
                            this, new ProxyException(Kind.CLIENT_STALLED, "push: nothing taken by the client in time"));
        }
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
        if (!closed) {
            closed = true;
            output.discard();
            channel.close();
            connection.pushes().onGone(pushId);
        }
    }

    @Override
    public void onOutputFailed(Throwable cause) {
        if (!closed) {
            connection
                    .pushes()
                    .onUnwanted(
                            this,
                            new ProxyException(
                                    Kind.CLIENT_GONE, "push not taken by the client: " + cause.getMessage()));
        }
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
    public boolean isPush() {
        return true;
    }

    @Override
    public void writeInformational(ResponseHead informational) {
        frames.informational(informational);
    }

    @Override
    public void writeHead(ResponseHead response, boolean end) {
        if (frames.takesHead()) {
            priority.onResponse(response.fields());
            frames.head(FieldSections.response(response, response.status(), false), end);
        }
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        frames.data(data, end);
    }

    @Override
    public void writeTrailers(Fields trailers) {
        frames.trailers(trailers);
    }

    @Override
    public void reset(ResetCode code) {
        if (closed) {
            return;
        }
        closed = true;
        frames.stop();
        output.discard();
        // First the reset, then the close: a close alone would send FIN, and the response would look whole.
        channel.shutdownOutput(code.http3Code());
        channel.close();
        connection.pushes().onGone(pushId);
    }

    @Override
    public boolean isWritable() {
        return !closed && output.isWritable() && (connection.hasRoom() || output.isLow());
    }

    @Override
    public void pauseReading() {
        // the request is whole
    }

    @Override
    public void resumeReading() {
        // the request is whole
    }
}
