package io.lb4j.internal.filter;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.snapshot.FilterRun;
import io.lb4j.internal.snapshot.FilterSink;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.Filter.Verdict;
import io.lb4j.spi.Plugin;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One exchange's way through the chain, there and back. Confined to the exchange's event loop. */
final class ChainRun implements FilterRun {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChainRun.class);

    private final FilterSink sink;
    private final List<Seat> seats;
    private final long bufferLimit;
    private final Flow requestFlow;
    private @Nullable Flow responseFlow;
    private int entered; // the first so many seats have been called, and will be told of the end
    private boolean replied;
    private boolean ended;

    ChainRun(FilterSink sink, FilterChain chain) {
        this.sink = sink;
        this.bufferLimit = chain.bufferLimit();
        this.seats = new ArrayList<>(chain.plugins().size());
        chain.plugins().forEach(plugin -> seats.add(new Seat(this, plugin)));
        this.requestFlow = new RequestFlow();
    }

    FilterSink sink() {
        return sink;
    }

    @Override
    public void requestHead(boolean end) {
        requestFlow.head(end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        requestFlow.data(data, end);
    }

    @Override
    public void requestTrailers(Fields trailers) {
        requestFlow.trailers(trailers);
    }

    @Override
    public void responseHead(ResponseHead head, boolean end) {
        ResponseFlow flow = new ResponseFlow(returning(), head);
        responseFlow = flow;
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
        requestFlow.release();
        if (responseFlow != null) {
            responseFlow.release();
        }
        for (int i = entered - 1; i >= 0; i--) {
            Seat seat = seats.get(i);
            try {
                seat.filter().onEnd(seat);
            } catch (RuntimeException fault) {
                log(seat, fault);
            }
        }
    }

    void resumeRequest(Seat seat) {
        if (!isOver() && !replied) {
            requestFlow.resume(requestFlow.indexOf(seat));
        }
    }

    void resumeResponse(Seat seat) {
        Flow flow = responseFlow;
        if (flow != null && !isOver()) {
            int index = flow.indexOf(seat);
            if (index >= 0) {
                flow.resume(index);
            }
        }
    }

    void reply(Seat seat, ResponseHead head, ByteBuf body) {
        if (isOver() || replied) {
            body.release();
            return;
        }
        replied = true;
        sink.reply(head, body);
    }

    private boolean isOver() {
        return ended || sink.isOver();
    }

    /** Returns the seats that have been entered and work on responses, the last one first. */
    private List<Seat> returning() {
        List<Seat> returning = new ArrayList<>(entered);
        for (int i = entered - 1; i >= 0; i--) {
            if (seats.get(i).plugin().type() != Plugin.Type.REQUEST) {
                returning.add(seats.get(i));
            }
        }
        return returning;
    }

    private static void log(Seat seat, RuntimeException fault) {
        LOGGER.error("plugin {} failed on exchange {}", seat.plugin().name(), seat.id(), fault);
    }

    /** A callback of a filter. */
    @FunctionalInterface
    private interface Call {
        Verdict on(Filter filter);
    }

    private Verdict guarded(Seat seat, Call call) {
        try {
            return call.on(seat.filter());
        } catch (RuntimeException fault) {
            log(seat, fault);
            sink.failInChain(new ProxyException(
                    Kind.PLUGIN_FAILED, "plugin: " + seat.plugin().name() + " failed"));
            return Verdict.CONTINUE;
        }
    }

    private final class RequestFlow extends Flow {
        RequestFlow() {
            super(seats, bufferLimit);
        }

        @Override
        Verdict callHead(Seat seat, boolean end) {
            entered = Math.max(entered, indexOf(seat) + 1);
            if (seat.plugin().type() == Plugin.Type.RESPONSE) {
                return Verdict.CONTINUE;
            }
            RequestHead head = seat.request();
            return guarded(seat, filter -> filter.onRequestHead(seat, head, end));
        }

        @Override
        Verdict callData(Seat seat, BodyPart part, boolean end) {
            if (seat.plugin().type() == Plugin.Type.RESPONSE) {
                return Verdict.CONTINUE;
            }
            return guarded(seat, filter -> filter.onRequestData(seat, part, end));
        }

        @Override
        Verdict callTrailers(Seat seat, Fields trailers) {
            if (seat.plugin().type() == Plugin.Type.RESPONSE) {
                return Verdict.CONTINUE;
            }
            return guarded(seat, filter -> filter.onRequestTrailers(seat, trailers));
        }

        @Override
        void passHead(boolean end) {
            sink.passRequestHead(end);
        }

        @Override
        void passData(ByteBuf data, boolean end) {
            sink.passRequestData(data, end);
        }

        @Override
        void passTrailers(Fields trailers) {
            sink.passRequestTrailers(trailers);
        }

        @Override
        void hold(boolean hold) {
            sink.holdRequest(hold);
        }

        @Override
        void overflow(long limit) {
            sink.failInChain(new ProxyException(Kind.BODY_TOO_LARGE, "buffered body: > " + limit + " (the limit)"));
        }

        @Override
        boolean isOver() {
            return replied || ChainRun.this.isOver();
        }
    }

    private final class ResponseFlow extends Flow {
        private final ResponseHead head;

        ResponseFlow(List<Seat> returning, ResponseHead head) {
            super(returning, bufferLimit);
            this.head = head;
        }

        @Override
        Verdict callHead(Seat seat, boolean end) {
            return guarded(seat, filter -> filter.onResponseHead(seat, head, end));
        }

        @Override
        Verdict callData(Seat seat, BodyPart part, boolean end) {
            return guarded(seat, filter -> filter.onResponseData(seat, part, end));
        }

        @Override
        Verdict callTrailers(Seat seat, Fields trailers) {
            return guarded(seat, filter -> filter.onResponseTrailers(seat, trailers));
        }

        @Override
        void passHead(boolean end) {
            sink.passResponseHead(head, end);
        }

        @Override
        void passData(ByteBuf data, boolean end) {
            sink.passResponseData(data, end);
        }

        @Override
        void passTrailers(Fields trailers) {
            sink.passResponseTrailers(trailers);
        }

        @Override
        void hold(boolean hold) {
            sink.holdResponse(hold);
        }

        @Override
        void overflow(long limit) {
            sink.failInChain(new ProxyException(Kind.MALFORMED_RESPONSE, "buffered body: > " + limit + " (the limit)"));
        }

        @Override
        boolean isOver() {
            return ChainRun.this.isOver();
        }
    }
}
