package io.lb4j.plugins.wasm;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that has come while an instance is being made: its request waits, for as long as the plugin's timeout allows, and is the instance's from then on. Confined to the
 * exchange's event loop.
 */
final class WaitingFilter implements Filter {
    private final FilterExchange exchange;
    private boolean requestEnds; // with its head
    private boolean isOver; // nobody waits any more
    private @Nullable Filter filter; // once there is an instance

    WaitingFilter(FilterExchange exchange) {
        this.exchange = exchange;
    }

    /** There is an instance. */
    void arrived(LoopGuest guest) {
        if (isOver) {
            return;
        }
        try {
            Filter opened = guest.open(exchange);
            filter = opened;
            if (opened.onRequestHead(exchange, exchange.request(), requestEnds) == Verdict.CONTINUE) {
                exchange.resumeRequest();
            }
        } catch (GuestFault fault) {
            exchange.fail(fault);
        }
    }

    /** There will be none. */
    void forgo(GuestFault reason) {
        if (!isOver) {
            exchange.fail(reason);
        }
    }

    @Override
    public Verdict onRequestHead(FilterExchange same, RequestHead head, boolean end) {
        requestEnds = end;
        return Verdict.PAUSE;
    }

    @Override
    public Verdict onRequestData(FilterExchange same, BodyPart data, boolean end) {
        return filter == null ? Verdict.CONTINUE : filter.onRequestData(same, data, end);
    }

    @Override
    public Verdict onRequestTrailers(FilterExchange same, Fields trailers) {
        return filter == null ? Verdict.CONTINUE : filter.onRequestTrailers(same, trailers);
    }

    @Override
    public Verdict onResponseHead(FilterExchange same, ResponseHead head, boolean end) {
        return filter == null ? Verdict.CONTINUE : filter.onResponseHead(same, head, end);
    }

    @Override
    public Verdict onResponseData(FilterExchange same, BodyPart data, boolean end) {
        return filter == null ? Verdict.CONTINUE : filter.onResponseData(same, data, end);
    }

    @Override
    public Verdict onResponseTrailers(FilterExchange same, Fields trailers) {
        return filter == null ? Verdict.CONTINUE : filter.onResponseTrailers(same, trailers);
    }

    @Override
    public void onLate(FilterExchange same) {
        isOver = true;
        if (filter != null) {
            filter.onLate(same);
        }
    }

    @Override
    public void onEnd(FilterExchange same) {
        isOver = true;
        if (filter != null) {
            filter.onEnd(same);
        }
    }
}
