package io.lb4j.internal.filter;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter.Verdict;
import io.netty.buffer.ByteBuf;

/** A response's way through the filters that have been entered and have not seen one, the last one first. Confined to the event loop. */
final class ResponseFlow extends Flow {
    static final int SWITCHING_PROTOCOLS = 101;

    private final Seat[] seats;
    private final int size;
    private final ResponseHead head;
    private final int status; // as it came

    /**
     * Creates the flow.
     *
     * @param size how many of the seats, from the first on, it goes through
     */
    ResponseFlow(ChainRun run, Seat[] seats, int size, ResponseHead head) {
        super(run, size);
        this.seats = seats;
        this.size = size;
        this.head = head;
        this.status = head.status();
        head.fields().markFit();
    }

    @Override
    Seat seat(int position) {
        return seats[size - 1 - position];
    }

    @Override
    int positionOf(int index) {
        return size - 1 - index;
    }

    @Override
    Verdict callHead(Seat seat, boolean end) {
        run.returnedTo(seat);
        return seat.worksOnResponses() ? run.call(seat, Callback.RESPONSE_HEAD, head, end) : Verdict.CONTINUE;
    }

    @Override
    Verdict callData(Seat seat, BodyPart part, boolean end) {
        return seat.worksOnResponses() && !isTunnel()
                ? run.callData(seat, Callback.RESPONSE_DATA, part, end)
                : Verdict.CONTINUE;
    }

    @Override
    void callBodyEnd(Seat seat, BodyPart rest) {
        if (seat.worksOnResponses()) {
            run.call(seat, Callback.RESPONSE_BODY_END, rest, false);
        }
    }

    @Override
    Verdict callTrailers(Seat seat, Fields trailers) {
        return seat.worksOnResponses() ? run.call(seat, Callback.RESPONSE_TRAILERS, trailers, true) : Verdict.CONTINUE;
    }

    @Override
    void passHead(boolean end) {
        try {
            HeadCheck.response(head, status, end);
            if (!isTunnel()) {
                // RFC 9110 §8.6: to HEAD, and in a 304, the length is that of another response.
                boolean isOfAnother = run.method().equals(Method.HEAD) || head.status() == 304;
                length.declare(head.fields(), end && !isOfAnother);
            }
        } catch (ProxyException unfit) {
            run.fail(unfit);
            return;
        }
        run.sink().passResponseHead(head, end);
    }

    @Override
    void sendData(ByteBuf data, boolean end) {
        run.sink().passResponseData(data, end);
    }

    @Override
    void sendTrailers(Fields trailers) {
        run.sink().passResponseTrailers(trailers);
    }

    @Override
    Fields fields() {
        return head.fields();
    }

    @Override
    void hold(boolean hold) {
        run.sink().holdResponse(hold);
    }

    @Override
    Kind overflow() {
        return Kind.MALFORMED_RESPONSE;
    }

    @Override
    boolean isOver() {
        return run.isOver() || !run.isReturningBy(this);
    }

    @Override
    boolean isTunnel() {
        return status == SWITCHING_PROTOCOLS || (run.method() == Method.CONNECT && status < 300);
    }
}
