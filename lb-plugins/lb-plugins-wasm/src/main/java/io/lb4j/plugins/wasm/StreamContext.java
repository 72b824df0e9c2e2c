package io.lb4j.plugins.wasm;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.wasm.engine.GuestFault;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;

/** One exchange as a guest of proxy-wasm sees it. Confined to the exchange's event loop. */
final class StreamContext implements Filter {
    private static final long STOP_HEAD = 1;

    private final ProxyGuest guest;
    private final int id;
    private final FilterExchange exchange;
    private final Leg request = new Leg();
    private final Leg response = new Leg();

    private boolean faulted; // its guest is not called any more
    private boolean ended;
    private boolean over; // the heads belong to another exchange
    private boolean awaitsDone; // the guest will say when it has done
    private boolean answered;

    StreamContext(ProxyGuest guest, int id, FilterExchange exchange) {
        this.guest = guest;
        this.id = id;
        this.exchange = exchange;
    }

    int id() {
        return id;
    }

    FilterExchange exchange() {
        return exchange;
    }

    Leg request() {
        return request;
    }

    Leg response() {
        return response;
    }

    /** Returns whether the exchange has ended. */
    boolean isEnded() {
        return ended;
    }

    /** Returns whether nothing can be read of the exchange any more. */
    boolean isOver() {
        return over;
    }

    // ---- what the exchange brings ----

    @Override
    public Verdict onRequestHead(FilterExchange same, RequestHead head, boolean end) {
        exchange.tellOfClient(); // as with Envoy, where guests see what endpoints are to be told
        request.head = new FieldMap.OfRequest(head);
        return head(Callback.REQUEST_HEADERS, request, request.head, end);
    }

    @Override
    public Verdict onResponseHead(FilterExchange same, ResponseHead head, boolean end) {
        response.head = new FieldMap.OfResponse(head);
        return head(Callback.RESPONSE_HEADERS, response, response.head, end);
    }

    private Verdict head(Callback callback, Leg leg, FieldMap head, boolean end) {
        if (!guest.has(callback)) {
            return Verdict.CONTINUE;
        }
        leg.headOpen = true;
        leg.headOpen = waits(leg, callback, id, head.size(), end ? 1 : 0);
        if (!leg.headOpen) {
            return Verdict.CONTINUE;
        }
        boolean isBodyShown = leg.action == STOP_HEAD && !end && guest.stopsHeadsAlone();
        return isBodyShown ? Verdict.MORE : Verdict.PAUSE;
    }

    @Override
    public Verdict onRequestData(FilterExchange same, BodyPart data, boolean end) {
        return data(Callback.REQUEST_BODY, request, data, end);
    }

    @Override
    public Verdict onResponseData(FilterExchange same, BodyPart data, boolean end) {
        return data(Callback.RESPONSE_BODY, response, data, end);
    }

    private Verdict data(Callback callback, Leg leg, BodyPart data, boolean end) {
        if (!guest.has(callback)) {
            return Verdict.CONTINUE;
        }
        leg.body.show(data);
        boolean waits = waits(leg, callback, id, leg.body.size(), end ? 1 : 0);
        if (!waits) {
            leg.headOpen = false;
            leg.body.settle(data);
            return Verdict.CONTINUE;
        }
        if (end) {
            leg.body.settleWaiting(data);
            return Verdict.PAUSE;
        }
        leg.body.settle(data);
        return Verdict.MORE;
    }

    @Override
    public Verdict onRequestTrailers(FilterExchange same, Fields trailers) {
        return trailers(Callback.REQUEST_TRAILERS, request, trailers);
    }

    @Override
    public Verdict onResponseTrailers(FilterExchange same, Fields trailers) {
        return trailers(Callback.RESPONSE_TRAILERS, response, trailers);
    }

    private Verdict trailers(Callback callback, Leg leg, Fields trailers) {
        FieldMap map = new FieldMap.Plain(trailers);
        leg.trailers = map;
        boolean waits = guest.has(callback) && waits(leg, callback, id, map.size());
        leg.trailers = guest.has(Callback.LOG) ? new FieldMap.Plain(trailers.copy()) : null;
        return waits ? Verdict.PAUSE : Verdict.CONTINUE;
    }

    /** Calls the guest; returns whether the direction is to wait. */
    private boolean waits(Leg leg, Callback callback, long... arguments) {
        leg.beginCallback();
        long action = 0;
        try {
            action = call(callback, arguments);
        } finally {
            leg.inCallback = false;
        }
        return leg.endCallback(action);
    }

    /** Calls the guest; one that faults takes no further part in this exchange. */
    private long call(Callback callback, long... arguments) {
        try {
            return guest.call(callback, arguments);
        } catch (GuestFault fault) {
            faulted = true;
            throw fault;
        }
    }

    @Override
    public void onLate(FilterExchange same) {
        faulted = true;
        request.body.close();
        response.body.close();
    }

    @Override
    public void onEnd(FilterExchange same) {
        ended = true;
        try {
            if (!faulted) {
                awaitsDone = guest.has(Callback.DONE) && call(Callback.DONE, id) == 0 && guest.mayKeepOver();
                if (awaitsDone) {
                    guest.keepOver(1);
                } else {
                    call(Callback.LOG, id);
                    call(Callback.DELETE, id);
                }
            }
        } finally {
            over = true;
            request.clear();
            response.clear();
            if (!awaitsDone) {
                guest.forget(this);
            }
        }
    }

    // ---- what the guest asks for ----

    /** The guest has done with an exchange that is over; returns whether it had still to say so. */
    boolean done() {
        if (!awaitsDone) {
            return false;
        }
        awaitsDone = false;
        guest.keepOver(-1);
        guest.effects().add(() -> {
            guest.callAside(Callback.LOG, id);
            guest.callAside(Callback.DELETE, id);
            guest.forget(this);
        });
        return true;
    }

    void resumeRequest() {
        if (request.letGo() && !ended) {
            exchange.resumeRequest();
        }
    }

    void resumeResponse() {
        if (response.letGo() && !ended) {
            exchange.resumeResponse();
        }
    }

    /** Has the route chosen again, where that can still be. */
    void clearRoute() {
        if (!ended) {
            try {
                exchange.clearRoute();
            } catch (IllegalStateException e) {
                guest.facilities().logger().debug("the route stays: {}", e.getMessage());
            }
        }
    }

    /** The guest has faulted on behalf of this exchange, outside of its callbacks. */
    void fail(GuestFault fault) {
        if (!ended && !faulted) {
            faulted = true;
            exchange.fail(fault);
        }
    }

    /** Answers, once. */
    void answer(ProxyAnswer answer) {
        if (!answered && !ended) {
            answered = true;
            answer.send(exchange);
        }
    }
}
