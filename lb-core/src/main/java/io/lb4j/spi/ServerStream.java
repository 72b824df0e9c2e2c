package io.lb4j.spi;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * One request's way back to the client: the writing half of an exchange, implemented by a listener's protocol.
 *
 * <p>Confined to {@link #eventLoop()}. The parts come in the order of the message: any number of informational heads, one head,
 * data, trailers; the part that is last says so. Writing after the end, or after {@link #reset}, is ignored (and data released):
 * the client may be gone at any time. What is written is flushed at the end of the event loop's turn, not by the caller.
 */
public interface ServerStream {
    /** Returns the connection that the request came by. */
    ConnectionInfo connection();

    /** Returns the event loop that everything about this stream happens on. */
    EventLoop eventLoop();

    /** Writes an informational head: 100, 103 and the like. The caller keeps the head. */
    void writeInformational(ResponseHead head);

    /**
     * Writes the head. The caller keeps it, and may use it again when the call returns.
     *
     * @param end whether the message ends here
     */
    void writeHead(ResponseHead head, boolean end);

    /**
     * Writes a piece of the body; of the tunnel, once a 101 was written.
     *
     * @param data taken over: the stream releases it
     * @param end whether the message ends here
     */
    void writeData(ByteBuf data, boolean end);

    /** Writes the trailers, which end the message. The caller keeps them. */
    void writeTrailers(Fields trailers);

    /**
     * Ends the stream before its response is whole, in such a way that the client cannot take it for whole: a reset in HTTP/2 and
     * HTTP/3, a closed connection in HTTP/1.1. Does nothing once both halves have ended.
     */
    void reset(ResetCode code);

    /** Returns whether the stream takes more without queueing past its mark; {@link StreamListener#onWritable} follows when it turns true. */
    boolean isWritable();

    /** Stops reading of the request's body: at most what is in flight already is still delivered. Idempotent. */
    void pauseReading();

    /** Goes on reading. Idempotent. */
    void resumeReading();

    /**
     * Promises the client the response to a request that it has not made, where protocol, client and configuration let it, and submits that request to the connection's
     * {@link RequestReceiver} once this call has returned. By default nothing is promised.
     *
     * @param request whole: a safe one without a body, with scheme and authority; the caller keeps it
     * @return whether it was promised
     */
    default boolean push(RequestHead request) {
        return false;
    }

    /** Returns whether the client has not made this stream's request: it was promised. By default it has. */
    default boolean isPush() {
        return false;
    }
}
