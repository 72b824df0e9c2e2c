package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.RouteTimes;

/**
 * The times that an exchange must keep, in one timeout: it is set once for the shortest, and when it fires it looks which are really due.
 * So an exchange that goes well costs one setting and one cancelling. A tunnel has no time as a whole: only while nothing moves does its
 * time run out. Confined to the exchange's event loop.
 */
final class ExchangeDeadline extends LoopTimer.Timeout {
    private final ProxyExchange exchange;
    private final LoopTimer timer;
    private RouteTimes times = RouteTimes.NONE;
    private Kind nextKind = Kind.EXCHANGE_TIMEOUT; // of the time that ends next
    private long nextNanos; // how long it still has

    ExchangeDeadline(ProxyExchange exchange, LoopTimer timer) {
        this.exchange = exchange;
        this.timer = timer;
    }

    /** Begins to watch. */
    void start(RouteTimes newTimes) {
        times = newTimes;
        RouteTimes.Times shortest =
                newTimes.ordinary(); // what streams may have more, and is looked at when this is over
        arm(Math.min(
                Math.min(shortest.firstByteNanos(), shortest.tryNanos()),
                Math.min(shortest.exchangeNanos(), shortest.idleNanos())));
    }

    void stop() {
        timer.cancel(this);
    }

    @Override
    protected void expire() {
        look(System.nanoTime());
        if (nextNanos > 0) {
            arm(nextNanos);
            return;
        }
        timeOut(nextKind);
        if (!exchange.isEnded() && !isSet()) {
            // It is tried again. What is left of the whole may be less than another try may take.
            look(System.nanoTime());
            arm(nextNanos);
        }
    }

    private void timeOut(Kind kind) {
        ProxyException reason = new ProxyException(kind, "took too long");
        boolean isEndpointsFault = kind != Kind.EXCHANGE_TIMEOUT;
        exchange.tries.abandon(isEndpointsFault ? Outcome.FAILURE_TIMEOUT : Outcome.CANCELLED);
        boolean mayRetry = kind == Kind.FIRST_BYTE_TIMEOUT || kind == Kind.TRY_TIMEOUT;
        if (!mayRetry || exchange.responseLeg.isBegun() || !exchange.tries.retryAfter(exchange, reason)) {
            exchange.fail(reason);
        }
    }

    private void look(long now) {
        RouteTimes.Times limits = isStreaming() ? times.streaming() : times.ordinary();
        nextKind = Kind.EXCHANGE_TIMEOUT;
        nextNanos = exchange.isTunnel ? RouteTimes.UNLIMITED : exchange.startNanos() + limits.exchangeNanos() - now;
        consider(Kind.IDLE_TIMEOUT, exchange.lastActivityNanos() + limits.idleNanos() - now);
        if (!exchange.responseLeg.isBegun()) {
            consider(Kind.TRY_TIMEOUT, exchange.tries.startNanos(now) + limits.tryNanos() - now);
            consider(Kind.FIRST_BYTE_TIMEOUT, waitStartNanos(now) + limits.firstByteNanos() - now);
        }
    }

    /** Returns whether the exchange streams by nature: a call of gRPC, or server-sent events (HTML, section 9.2). */
    private boolean isStreaming() {
        return LocalReply.isGrpc(exchange.request().fields()) || exchange.responseLeg.isEventStream();
    }

    /** Returns since when the endpoint's response has been waited for. */
    private long waitStartNanos(long otherwise) {
        RequestLeg leg = exchange.requestLeg;
        return leg.isReceived() ? Math.max(leg.receivedNanos(), exchange.tries.startNanos(otherwise)) : otherwise;
    }

    private void consider(Kind kind, long leftNanos) {
        if (leftNanos < nextNanos) {
            nextKind = kind;
            nextNanos = leftNanos;
        }
    }

    private void arm(long delayNanos) {
        if (delayNanos < RouteTimes.UNLIMITED) {
            timer.set(this, delayNanos);
        }
    }
}
