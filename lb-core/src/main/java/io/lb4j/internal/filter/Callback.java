package io.lb4j.internal.filter;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.Filter.Verdict;

/** A filter's callback, with what it is given. The constants capture nothing, so that a call makes no object. */
@FunctionalInterface
interface Callback {
    Callback REQUEST_HEAD = (filter, seat, head, end) -> filter.onRequestHead(seat, (RequestHead) head, end);
    Callback REQUEST_DATA = (filter, seat, part, end) -> filter.onRequestData(seat, (BodyPart) part, end);
    Callback REQUEST_BODY_END = (filter, seat, rest, end) -> {
        filter.onRequestBodyEnd(seat, (BodyPart) rest);
        return Verdict.CONTINUE;
    };
    Callback REQUEST_TRAILERS = (filter, seat, trailers, end) -> filter.onRequestTrailers(seat, (Fields) trailers);
    Callback RESPONSE_HEAD = (filter, seat, head, end) -> filter.onResponseHead(seat, (ResponseHead) head, end);
    Callback RESPONSE_DATA = (filter, seat, part, end) -> filter.onResponseData(seat, (BodyPart) part, end);
    Callback RESPONSE_BODY_END = (filter, seat, rest, end) -> {
        filter.onResponseBodyEnd(seat, (BodyPart) rest);
        return Verdict.CONTINUE;
    };
    Callback RESPONSE_TRAILERS = (filter, seat, trailers, end) -> filter.onResponseTrailers(seat, (Fields) trailers);

    Verdict on(Filter filter, Seat seat, Object message, boolean end);
}
