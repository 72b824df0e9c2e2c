package io.lb4j.spi;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;

/**
 * Hears what arrives on a stream after its head, in order, on the stream's event loop. After {@code end}, trailers or
 * {@link #onFailure} nothing more arrives. Calls may come from within a call to the stream's writing half.
 */
public interface StreamListener {
    /**
     * A piece of the body, or of the tunnel.
     *
     * @param data handed over: the listener releases it; may be empty when {@code end} is true
     * @param end whether the message ends here
     */
    void onData(ByteBuf data, boolean end);

    /** The trailers, which end the message. They are valid during the call. */
    void onTrailers(Fields trailers);

    /**
     * The stream has failed in both directions: it was reset, its connection was lost, or what came on it was malformed. What is
     * written to it from now on is ignored.
     *
     * <p>One exception: a request that was late, too large or malformed only in its body may still be answered, by one whole response.
     * If none comes soon the protocol ends the stream itself.
     */
    void onFailure(ProxyException failure);

    /** The stream has become writable again, or has lost data that was queued on it. May come without need. */
    void onWritable();
}
