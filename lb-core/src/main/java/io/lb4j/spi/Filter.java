package io.lb4j.spi;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;

/**
 * One plugin's part in one exchange. Request callbacks come in the order of the chain, response callbacks in the reverse order, on the
 * exchange's event loop, never two at a time; none may block.
 *
 * <p>Request callbacks come once for each exchange: retries send their outcome again. Response callbacks see the response that goes to
 * the client and no other. A filter that has been entered, by any callback, is told of the {@linkplain #onEnd end} exactly once.
 *
 * <p>Informational responses (100, 103) pass without a callback, and so does what goes through a tunnel: a request that asks to switch
 * protocols has no data callbacks, nor has a response of 101.
 */
public interface Filter {
    /** What becomes of the message now. */
    enum Verdict {
        /** It goes on to the next filter. */
        CONTINUE,
        /**
         * It waits here, and the sender is not read any further, until the filter calls {@link FilterExchange#resumeRequest()} or
         * {@link FilterExchange#resumeResponse()}. It may have called it already, within the callback. When that does not come in time the
         * plugin has failed: {@link io.lb4j.model.PluginUse#TIMEOUT}.
         */
        PAUSE,
        /**
         * It waits here while its body is gathered; the next data callback has the whole of it. A body over
         * {@link io.lb4j.model.PluginUse#BUFFER_LIMIT} ends the exchange, with 413 or 502. A message that ends here goes on.
         */
        BUFFER,
        /**
         * It waits here, and the next data callback has what there is of the body by then, from its beginning or from what was let through
         * last. The same limit holds as for {@link #BUFFER}, and a message that ends here goes on. What there is goes on as well when the filter
         * calls {@link FilterExchange#resumeRequest()} or {@link FilterExchange#resumeResponse()} meanwhile.
         */
        MORE
    }

    /**
     * The request's head. It may be changed, within limits: the wish to switch protocols stays as it is, and the methods HEAD and CONNECT are
     * neither given nor taken away; the host is {@link RequestHead#authority()}, not a field. A head that cannot be sent costs the exchange a
     * {@link io.lb4j.error.Kind#PLUGIN_FAILED}.
     */
    default Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        return Verdict.CONTINUE;
    }

    /**
     * A piece of the request's body. It may be changed; whoever changes its length removes {@code content-length} in the head callback. After
     * {@link Verdict#BUFFER} the head waits too, and core sets its length anew. A body that does not have the length that was sent is cut.
     */
    default Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
        return Verdict.CONTINUE;
    }

    /**
     * The end of a request's body that trailers follow, just before them: for whoever has kept some of the body, or has to close it.
     *
     * @param rest empty; what is put in its place goes on as the body's last piece
     */
    default void onRequestBodyEnd(FilterExchange exchange, BodyPart rest) {}

    /** The request's trailers. They may be changed. */
    default Verdict onRequestTrailers(FilterExchange exchange, Fields trailers) {
        return Verdict.CONTINUE;
    }

    /**
     * The response's head. It may be changed; a final status stays one, and one that has no body (204, 304) is given by
     * {@link FilterExchange#reply}, not set where a body follows.
     */
    default Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
        return Verdict.CONTINUE;
    }

    /** A piece of the response's body. It may be changed, as that of a request. */
    default Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
        return Verdict.CONTINUE;
    }

    /**
     * The end of a response's body that trailers follow, just before them.
     *
     * @param rest empty; what is put in its place goes on as the body's last piece
     */
    default void onResponseBodyEnd(FilterExchange exchange, BodyPart rest) {}

    /** The response's trailers. They may be changed. */
    default Verdict onResponseTrailers(FilterExchange exchange, Fields trailers) {
        return Verdict.CONTINUE;
    }

    /**
     * A pause of this filter's was not ended in time: {@link io.lb4j.model.PluginUse#TIMEOUT}. It takes no further part, and what it has held is not its own any more; but it is
     * told of the end.
     */
    default void onLate(FilterExchange exchange) {}

    /**
     * The exchange has ended, one way or another. During this call the heads can still be read, and {@link FilterExchange#access()} says how
     * it went.
     */
    default void onEnd(FilterExchange exchange) {}
}
