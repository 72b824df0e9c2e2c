package io.lb4j.internal.upstream;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Version;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;

/** Who wants a stream to an endpoint. Each request is answered by exactly one call, unless it is cancelled; it may come at once. */
public interface StreamRequest extends ResponseListener {
    /**
     * A stream is open.
     *
     * @param version the protocol version of its connection
     * @param isReused whether the connection has served a request before
     */
    void onStream(ClientStream stream, Version version, boolean isReused);

    /** No stream is to be had; nothing was sent. */
    void onUnavailable(ProxyException reason);
}
