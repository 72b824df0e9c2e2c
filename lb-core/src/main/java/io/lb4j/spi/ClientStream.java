package io.lb4j.spi;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.netty.buffer.ByteBuf;

/**
 * One request's way to an endpoint: the writing half of an attempt, implemented by an upstream protocol.
 *
 * <p>Confined to its connection's event loop. Head, data, trailers in this order; the part that is last says so. Writing after the
 * end, after {@link #reset} or after a failure is ignored (and data released). What is written is flushed at the end of the event
 * loop's turn, not by the caller.
 */
public interface ClientStream {
    /**
     * Writes the head. The caller keeps it, and may use it again when the call returns.
     *
     * @param end whether the request ends here
     */
    void writeHead(RequestHead head, boolean end);

    /**
     * Writes a piece of the body, or of the tunnel.
     *
     * @param data taken over: the stream releases it
     * @param end whether the request ends here
     */
    void writeData(ByteBuf data, boolean end);

    /** Writes the trailers, which end the request. The caller keeps them. */
    void writeTrailers(Fields trailers);

    /**
     * Gives the stream up: nothing more is delivered on it. The endpoint is told (HTTP/2, HTTP/3), or its connection is closed
     * (HTTP/1.1). Does nothing once both halves have ended.
     */
    void reset(ResetCode code);

    /** Returns whether the stream takes more without queueing past its mark; {@link StreamListener#onWritable} follows when it turns true. */
    boolean isWritable();

    /** Stops reading of the response's body: at most what is in flight already is still delivered. Idempotent. */
    void pauseReading();

    /** Goes on reading. Idempotent. */
    void resumeReading();
}
