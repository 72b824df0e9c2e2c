package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import io.lb4j.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * An exchange as a filter handles it. Confined to the exchange's event loop; what takes time is handed elsewhere and comes back by
 * {@code eventLoop().execute(…)}. After the exchange has ended every call here is void.
 */
public interface FilterExchange extends Exchange {
    /** Lets a request go on that this filter has paused. Idempotent. */
    void resumeRequest();

    /** Lets a response go on that this filter has paused. Idempotent. */
    void resumeResponse();

    /**
     * Answers in the endpoint's place. Only before the response has begun; afterwards the stream is reset. The filters that have been entered see
     * the answer on its way out.
     *
     * @param head copied
     * @param body taken over; may be empty
     */
    void reply(ResponseHead head, ByteBuf body);

    /**
     * Has the route chosen again, after the head was changed. Once, and only before an endpoint has been chosen.
     *
     * @throws IllegalStateException if it is too late, or the second time
     */
    void clearRoute();
}
