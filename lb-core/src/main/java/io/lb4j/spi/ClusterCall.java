package io.lb4j.spi;

import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/** A call to a cluster under way. Confined to {@link #eventLoop()}, but for {@link #cancel()}. After its end every call here is void. */
public interface ClusterCall {
    /** Returns the event loop that the call happens on. */
    EventLoop eventLoop();

    /**
     * Sends a piece of a streamed body; it waits here until there is a stream to send it on.
     *
     * @param data taken over
     * @param end whether the request ends here
     */
    void write(ByteBuf data, boolean end);

    /** Sends trailers, which end a streamed request. Copied. */
    void writeTrailers(Fields trailers);

    /** Returns whether a piece would go out without waiting; {@link ResponseListener#onWritable} follows when it turns true. */
    boolean isWritable();

    /** Stops reading the response's body. Idempotent. */
    void pauseReading();

    /** Goes on reading. Idempotent. */
    void resumeReading();

    /** Gives the call up; the listener hears no more of it. Idempotent; from any thread. */
    void cancel();
}
