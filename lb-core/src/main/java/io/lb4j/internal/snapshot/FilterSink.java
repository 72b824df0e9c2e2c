package io.lb4j.internal.snapshot;

import io.lb4j.error.ProxyException;
import io.lb4j.exchange.Exchange;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.stats.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** Where messages go that the whole chain has let through, and what a chain may ask for. Implemented by the conductor. */
public interface FilterSink {
    /** Returns the exchange. */
    Exchange exchange();

    /** Returns the exchange's event loop. */
    LoopContext loop();

    /** Returns how the exchange went; once it has ended. */
    AccessRecord access();

    /** The request's head goes on. */
    void passRequestHead(boolean end);

    /** A piece of the request's body goes on; taken over. */
    void passRequestData(ByteBuf data, boolean end);

    /** The request's trailers go on. */
    void passRequestTrailers(Fields trailers);

    /** The response's head goes on. */
    void passResponseHead(ResponseHead head, boolean end);

    /** A piece of the response's body goes on; taken over. */
    void passResponseData(ByteBuf data, boolean end);

    /** The response's trailers go on. */
    void passResponseTrailers(Fields trailers);

    /** The client is not to be read for the time being, or is to be read again. */
    void holdRequest(boolean hold);

    /** The endpoint is not to be read for the time being, or is to be read again. */
    void holdResponse(boolean hold);

    /** A filter answers in the endpoint's place; the body is taken over. */
    void reply(ResponseHead head, ByteBuf body);

    /**
     * A filter wants the route chosen again.
     *
     * @throws ProxyException if none matches
     * @throws IllegalStateException if it is too late, or the second time
     */
    void clearRoute() throws ProxyException;

    /** Returns the request as it would be forwarded now, for a call of its own; empty where that is not possible. */
    Optional<ClusterRequest> forwarded();

    /** Puts the fields that tell of the client into the request's head, once; void when it is too late. */
    void tellOfClient();

    /** Has the response to another request pushed to the client, where that is possible; returns whether it is promised. */
    boolean push(RequestHead promised);

    /** The exchange has failed in the chain. */
    void failInChain(ProxyException reason);

    /** Returns whether the exchange is over. */
    boolean isOver();
}
