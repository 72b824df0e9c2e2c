package io.lb4j.internal.filter;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter.Verdict;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The request's way through the chain. Confined to the exchange's event loop. */
final class RequestFlow extends Flow {
    private final Seat[] seats;
    private final RequestHead head;
    private final Method method; // as they came, as are the two below
    private final String scheme;
    private final String target;
    private final String protocol;
    private boolean takesBody; // while a filter has the head of a request that ends there
    private @Nullable ByteBuf given; // for the filters behind that one

    RequestFlow(ChainRun run, Seat[] seats, int size, RequestHead head) {
        super(run, size);
        this.seats = seats;
        this.head = head;
        this.method = head.method();
        this.scheme = head.scheme();
        this.target = head.target();
        this.protocol = head.protocol().orElse("");
        head.fields().markFit();
    }

    @Override
    Seat seat(int position) {
        return seats[position];
    }

    @Override
    int positionOf(int index) {
        return index;
    }

    @Override
    Verdict callHead(Seat seat, boolean end) {
        takesBody = end && !isTunnel();
        Verdict verdict = run.enter(seat) && !isOver() && seat.worksOnRequests()
                ? run.call(seat, Callback.REQUEST_HEAD, head, end)
                : Verdict.CONTINUE;
        takesBody = false;
        return verdict;
    }

    /** A filter gives the request a body; returns whether that can be. */
    boolean give(ByteBuf body) {
        if (!takesBody) {
            return false;
        }
        if (given != null) {
            given.release();
        }
        given = body;
        return true;
    }

    @Override
    @Nullable ByteBuf takeGiven() {
        ByteBuf taken = given;
        given = null;
        if (taken != null) {
            head.fields().set(FieldName.CONTENT_LENGTH, Integer.toString(taken.readableBytes()));
        }
        return taken;
    }

    @Override
    Verdict callData(Seat seat, BodyPart part, boolean end) {
        return seat.worksOnRequests() && !isTunnel()
                ? run.callData(seat, Callback.REQUEST_DATA, part, end)
                : Verdict.CONTINUE;
    }

    @Override
    void callBodyEnd(Seat seat, BodyPart rest) {
        if (seat.worksOnRequests()) {
            run.call(seat, Callback.REQUEST_BODY_END, rest, false);
        }
    }

    @Override
    Verdict callTrailers(Seat seat, Fields trailers) {
        return seat.worksOnRequests() ? run.call(seat, Callback.REQUEST_TRAILERS, trailers, true) : Verdict.CONTINUE;
    }

    @Override
    void passHead(boolean end) {
        try {
            HeadCheck.request(head, method, protocol);
            requireUnchanged(head.scheme().equals(scheme) || head.scheme().matches("https?"), "scheme");
            requireUnchanged(head.target().equals(target) || head.target().startsWith("/"), "target");
            if (!isTunnel()) {
                length.declare(head.fields(), end);
            }
        } catch (ProxyException unfit) {
            run.fail(unfit);
            return;
        }
        run.sink().passRequestHead(end);
    }

    /** Returns whether the head is still one that may be sent: filters may have changed it after it had passed, and a retry sends it again. */
    boolean isFit() {
        try {
            HeadCheck.request(head, method, protocol);
            return isTunnel() || length.isAsDeclared(head.fields());
        } catch (ProxyException unfit) {
            return false;
        }
    }

    private static void requireUnchanged(boolean holds, String what) throws ProxyException {
        if (!holds) {
            throw HeadCheck.unfit(what + ": changed (expected: http or https, a path)");
        }
    }

    @Override
    void sendData(ByteBuf data, boolean end) {
        run.sink().passRequestData(data, end);
    }

    @Override
    void sendTrailers(Fields trailers) {
        run.sink().passRequestTrailers(trailers);
    }

    @Override
    Fields fields() {
        return head.fields();
    }

    @Override
    void hold(boolean hold) {
        run.sink().holdRequest(hold);
    }

    @Override
    Kind overflow() {
        return Kind.BODY_TOO_LARGE;
    }

    @Override
    boolean isOver() {
        return run.isAnswered() || run.isOver();
    }

    @Override
    boolean isTunnel() {
        return !protocol.isEmpty() || method == Method.CONNECT;
    }
}
