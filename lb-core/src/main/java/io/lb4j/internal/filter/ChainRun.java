package io.lb4j.internal.filter;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.internal.snapshot.FilterSink;
import io.lb4j.spi.Plugin;
import io.lb4j.stats.AccessRecord;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's way through the chain, there and back. What a filter asks for within a callback is done when the callback has returned, so that
 * no filter is called within another's call. Confined to the exchange's event loop.
 */
final class ChainRun extends FilterCalls implements FilterRun {
    private final FilterSink sink;
    private final Seat[] seats; // the first so many of them
    private int count;
    private final Method method; // as the client sent it
    private @Nullable RequestFlow requestFlow; // once the head has come
    private @Nullable ResponseFlow responseFlow; // the present one
    private int entered; // the first so many seats have been come to, and will be told of the end
    private int returnedTo; // the seats from this one on have seen a response
    private boolean answered; // here: the request goes no further
    private boolean ended;
    private boolean telling; // of the end

    private @Nullable ResponseHead replyHead; // asked for within a call, as are the two below
    private @Nullable ByteBuf replyBody;
    private @Nullable ProxyException failure;
    private @Nullable AccessRecord access;

    private ChainRun(FilterSink sink, int capacity, RequestHead head) {
        super(sink.loop());
        this.sink = sink;
        this.seats = new Seat[capacity];
        this.method = head.method();
    }

    /**
     * Begins with those plugins that an exchange concerns; returns null if there is none.
     *
     * @param atEnd whether the exchange is about to end: then only those that look at exchanges that have ended
     */
    static @Nullable ChainRun start(FilterSink sink, ChainEntry[] entries, RequestHead head, boolean atEnd) {
        ChainRun run = null;
        for (ChainEntry entry : entries) {
            boolean mayTakePart = !atEnd || entry.instance().type() == Plugin.Type.ACCESS;
            if (mayTakePart && entry.covers(head.method(), head.path())) {
                run = run == null ? new ChainRun(sink, entries.length, head) : run;
                run.add(entry, head);
            }
        }
        return run == null || run.count == 0 ? null : run;
    }

    private void add(ChainEntry entry, RequestHead head) {
        PluginInstance instance = entry.instance();
        Seat seat = new Seat(this, entry, sink.exchange());
        if (!instance.takesPart()) {
            if (seat.mayBeSkipped()) {
                return;
            }
            seat.refuse(new ProxyException(Kind.PLUGIN_OUT, "plugin: " + entry.name() + " is out"));
        } else if (!concerns(seat, head)) {
            return;
        }
        seats[count++] = seat;
        instance.exchangeBegan(loop().index());
    }

    // ---- what the exchange brings ----

    @Override
    public void requestHead(boolean end) {
        RequestFlow flow = new RequestFlow(this, seats, count, sink.exchange().request());
        requestFlow = flow;
        flow.head(end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (requestFlow == null) {
            data.release();
            throw new IllegalStateException("request data without a head");
        }
        requestFlow.data(data, end);
    }

    @Override
    public void requestTrailers(Fields trailers) {
        if (requestFlow != null) {
            requestFlow.trailers(trailers);
        }
    }

    @Override
    public boolean maySendHead() {
        return requestFlow == null || requestFlow.isFit();
    }

    @Override
    public void answeredHere() {
        answered = true;
        if (requestFlow != null) {
            requestFlow.release();
        }
    }

    @Override
    public void responseHead(ResponseHead head, boolean end) {
        ResponseFlow former = responseFlow;
        ResponseFlow flow = new ResponseFlow(this, seats, former == null ? entered : returnedTo, head);
        if (former == null) {
            returnedTo = entered;
        }
        responseFlow = flow;
        if (former != null) {
            former.release();
        }
        flow.head(end);
    }

    @Override
    public void responseData(ByteBuf data, boolean end) {
        if (responseFlow == null) {
            data.release();
            throw new IllegalStateException("response data without a head");
        }
        responseFlow.data(data, end);
    }

    @Override
    public void responseTrailers(Fields trailers) {
        if (responseFlow != null) {
            responseFlow.trailers(trailers);
        }
    }

    @Override
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (requestFlow != null) {
            requestFlow.release();
        }
        if (responseFlow != null) {
            responseFlow.release();
        }
        dropReply();
        telling = true;
        for (int i = entered - 1; i >= 0; i--) {
            tellEnd(seats[i]);
        }
        for (int i = 0; i < count; i++) {
            if (seats[i].isAccess() && enter(seats[i])) {
                tellEnd(seats[i]);
            }
        }
        telling = false;
        for (int i = 0; i < count; i++) {
            seats[i].instance().exchangeEnded(loop().index());
        }
    }

    /** The exchange has come to a seat: makes its filter. Returns whether there is one. */
    boolean enter(Seat seat) {
        if (entered < count && seats[entered] == seat) {
            entered++;
        }
        ProxyException refusal = seat.refusal();
        if (refusal != null) {
            fail(refusal);
            return false;
        }
        if (seat.isAccess() && !telling) {
            return false; // made at the end
        }
        return make(seat);
    }

    @Override
    void doWhatWasAskedFor(Seat seat) {
        ProxyException asked = failure;
        ResponseHead head = replyHead;
        if (asked != null) {
            failure = null;
            dropReply();
            fail(asked);
        } else if (head != null && replyBody != null) {
            ByteBuf body = replyBody;
            replyHead = null;
            replyBody = null;
            reply(seat, head, body);
        }
    }

    private void dropReply() {
        if (replyBody != null) {
            replyBody.release();
        }
        replyHead = null;
        replyBody = null;
    }

    // ---- failures ----

    static ProxyException failureOf(Seat seat) {
        return new ProxyException(Kind.PLUGIN_FAILED, "plugin: " + seat.entry().name() + " failed");
    }

    @Override
    void contain(Seat seat, Throwable fault) {
        noteFault(seat, fault);
        seat.stepAside();
        if (!seat.mayBeSkipped()) {
            dropReply();
            fail(failureOf(seat));
        }
    }

    /** A filter says that it has failed: what it holds goes on without it, or the exchange fails. */
    void failed(Seat seat, Throwable fault) {
        if (isOver() || seat.filter() == null) {
            return;
        }
        contain(seat, fault);
        resume(seat, true);
        resume(seat, false);
    }

    /** A filter has not resumed in time. */
    void late(Seat seat) {
        seat.instance().timedOut(seat);
        tellLate(seat);
        dropReply(); // it is too late for that as well
        seat.stepAside();
        if (!seat.entry().conduct().failsOpen()) {
            fail(new ProxyException(
                    Kind.PLUGIN_TIMEOUT, "plugin: " + seat.entry().name() + " was late"));
        }
    }

    /** The filter that is being called gives the request a body; returns whether that can be. */
    boolean giveBody(ByteBuf body) {
        RequestFlow flow = requestFlow;
        return flow != null && flow.give(body);
    }

    /** The exchange fails in the chain. */
    void fail(ProxyException reason) {
        if (!isOver()) {
            answered = true;
            sink.failInChain(reason);
        }
    }

    // ---- what filters ask for ----

    void resume(Seat seat, boolean request) {
        Flow flow = request ? requestFlow : responseFlow;
        if (flow == null || isOver()) {
            return;
        }
        int index = 0;
        while (seats[index] != seat) {
            index++;
        }
        int position = flow.positionOf(index);
        if (position >= 0) {
            flow.resume(position);
        }
    }

    void reply(Seat seat, ResponseHead head, ByteBuf body) {
        if (ended || sink.isOver() || (answered && responseFlow == null)) {
            body.release();
            return;
        }
        if (isCalling() && replyHead == null) {
            replyHead = head;
            replyBody = body;
            return;
        }
        if (isCalling() || !seat.reply()) {
            body.release();
            return; // it has answered before
        }
        seat.instance().traffic().shortCircuited(loop().index());
        answered = true;
        if (body.isReadable()) {
            head.fields().set(FieldName.CONTENT_LENGTH, Integer.toString(body.readableBytes()));
        }
        sink.reply(head, body);
    }

    void clearRoute() {
        if (isOver() || answered) {
            return;
        }
        try {
            sink.clearRoute();
        } catch (ProxyException noRoute) {
            if (isCalling()) {
                failure = noRoute;
            } else {
                fail(noRoute);
            }
        }
    }

    AccessRecord access() {
        if (!telling) {
            throw new IllegalStateException("access: asked for during the exchange (expected: in onEnd)");
        }
        if (access == null) {
            access = sink.access();
        }
        return access;
    }

    // ---- how far it is ----

    FilterSink sink() {
        return sink;
    }

    Method method() {
        return method;
    }

    boolean isAnswered() {
        return answered;
    }

    boolean isOver() {
        return ended || sink.isOver();
    }

    boolean isReturningBy(ResponseFlow flow) {
        return flow == responseFlow;
    }

    /** A response has come to a seat, which sees no other. */
    void returnedTo(Seat seat) {
        while (returnedTo > 0 && seats[returnedTo - 1] != seat) {
            returnedTo--;
        }
        returnedTo = Math.max(0, returnedTo - 1);
    }

    /** The heads belong to another exchange once this one has ended. */
    void requireHeads() {
        if (ended && !telling) {
            throw new IllegalStateException("exchange: ended (expected: under way)");
        }
    }
}
