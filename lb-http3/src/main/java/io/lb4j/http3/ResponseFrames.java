package io.lb4j.http3;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3PushPromiseFrame;
import io.netty.handler.codec.http3.Http3Frame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;

/**
 * A response as frames, on a client's stream or on a push stream: its parts in their order, and nothing behind the last. Confined to the event loop of its
 * connection.
 */
final class ResponseFrames {
    private final QuicStreamChannel channel;
    private final StreamOutput output;
    private boolean headWritten;
    private boolean finished; // the last part was handed in, or no more is wanted

    ResponseFrames(QuicStreamChannel channel, StreamOutput output) {
        this.channel = channel;
        this.output = output;
    }

    boolean isHeadWritten() {
        return headWritten;
    }

    /** Returns whether the head may still be written. */
    boolean takesHead() {
        return !finished && !headWritten;
    }

    /** Returns whether the body may go on. */
    boolean takesBody() {
        return !finished && headWritten;
    }

    /** What is written from now on is ignored. */
    void stop() {
        finished = true;
    }

    void informational(ResponseHead informational) {
        // RFC 9114 §4.5: 101 does not exist in HTTP/3
        if (takesHead() && informational.isInformational()) {
            write(
                    new DefaultHttp3HeadersFrame(FieldSections.response(informational, informational.status(), false)),
                    false);
        }
    }

    /** Writes the head. */
    void head(Http3Headers section, boolean end) {
        headWritten = true;
        write(new DefaultHttp3HeadersFrame(section), end);
    }

    /** Writes octets of the body, which are taken over. */
    void data(ByteBuf data, boolean end) {
        if (takesBody()) {
            // Sliced, for the codec reads from the buffer's start, wherever its reader index is.
            write(new DefaultHttp3DataFrame(data.readerIndex() == 0 ? data : data.slice()), end);
        } else {
            data.release();
        }
    }

    void trailers(Fields trailers) {
        if (takesBody()) {
            write(new DefaultHttp3HeadersFrame(FieldSections.trailers(trailers)), true);
        }
    }

    /** Promises the response to another request; returns whether there was still time. */
    boolean promise(long pushId, RequestHead request) {
        if (finished) {
            return false;
        }
        write(new DefaultHttp3PushPromiseFrame(pushId, FieldSections.request(request)), false);
        return true;
    }

    private void write(Http3Frame frame, boolean end) {
        ChannelPromise promise = channel.newPromise();
        finished = end;
        channel.write(frame, end ? output.lastPromise(promise) : promise);
    }
}
