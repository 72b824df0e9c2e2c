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
 */
public interface Filter {
    /** What becomes of the message now. */
    enum Verdict {
        /** It goes on to the next filter. */
        CONTINUE,
        /**
         * It waits here, and the sender is not read any further, until the filter calls {@link FilterExchange#resumeRequest()} or
         * {@link FilterExchange#resumeResponse()}.
         */
        PAUSE,
        /**
         * It waits here while its body is gathered; the next data callback has the whole of it. A body over the limit ends the exchange,
         * with 413 or 502.
         */
        BUFFER
    }

    /** The request's head. It may be changed. */
    default Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        return Verdict.CONTINUE;
    }

    /** A piece of the request's body. It may be changed; whoever changes a body removes {@code content-length} in the head callback. */
    default Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
        return Verdict.CONTINUE;
    }

    /** The request's trailers. They may be changed. */
    default Verdict onRequestTrailers(FilterExchange exchange, Fields trailers) {
        return Verdict.CONTINUE;
    }

    /** The response's head. It may be changed. */
    default Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
        return Verdict.CONTINUE;
    }

    /** A piece of the response's body. It may be changed. */
    default Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
        return Verdict.CONTINUE;
    }

    /** The response's trailers. They may be changed. */
    default Verdict onResponseTrailers(FilterExchange exchange, Fields trailers) {
        return Verdict.CONTINUE;
    }

    /** The exchange has ended, one way or another. */
    default void onEnd(FilterExchange exchange) {}
}
