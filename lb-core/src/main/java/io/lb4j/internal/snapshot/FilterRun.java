package io.lb4j.internal.snapshot;

import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/** One exchange's way through a filter chain, there and back. Implemented by the filter stage; confined to the exchange's event loop. */
public interface FilterRun {
    /** The request's head has come. */
    void requestHead(boolean end);

    /** A piece of the request's body has come; taken over. */
    void requestData(ByteBuf data, boolean end);

    /** The request's trailers have come. */
    void requestTrailers(Fields trailers);

    /** Returns whether the request's head, which may have been changed since it came through, may still be sent. */
    boolean maySendHead();

    /**
     * The exchange is answered here from now on: the request goes no further, and the response that follows goes through those filters that have
     * been entered and have not seen one.
     */
    void answeredHere();

    /** The response's head has come, from the endpoint or from here. */
    void responseHead(ResponseHead head, boolean end);

    /** A piece of the response's body has come; taken over. */
    void responseData(ByteBuf data, boolean end);

    /** The response's trailers have come. */
    void responseTrailers(Fields trailers);

    /** The exchange is over: every filter that has been entered is told, once, and what is held is let go. */
    void end();
}
