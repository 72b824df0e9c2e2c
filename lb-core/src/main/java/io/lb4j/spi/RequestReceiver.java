package io.lb4j.spi;

import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;

/**
 * Where a listener's protocol submits what it has read: core's end of the {@link Transport} contract. Called on the event loop of
 * the stream.
 */
public interface RequestReceiver {
    /**
     * Submits a request. The receiver answers through the stream, at once or later.
     *
     * @param stream the way back to the client
     * @param head valid, and the receiver's to change, until the exchange has ended
     * @param end whether the request ends with its head
     * @return hears the rest of the request
     */
    StreamListener onRequest(ServerStream stream, RequestHead head, boolean end);

    /**
     * Submits a request that the protocol refused, so that the refusal is answered, counted and recorded like any other. Reading has
     * ended; the receiver writes one whole response to the stream and the protocol closes the connection where it must.
     *
     * @param head what was understood of it; may be nearly empty
     */
    void onRefusal(ServerStream stream, RequestHead head, ProxyException refusal);

    /** The connection has ended, and submits no more: what was kept for it is given up. Does nothing by default. */
    default void onConnectionEnded() {}
}
