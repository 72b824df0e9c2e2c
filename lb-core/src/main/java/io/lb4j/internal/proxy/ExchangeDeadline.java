package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.RouteTimes;

/**
 * The times that an exchange must keep, in one timeout: it is set once for the shortest, and when it fires it looks which are really due.
 * So an exchange that goes well costs one setting and one cancelling. Confined to the exchange's event loop.
 */
final class ExchangeDeadline extends LoopTimer.Timeout {
    private final ProxyExchange exchange;
    private final LoopTimer timer;
    private RouteTimes times = RouteTimes.defaults();

    ExchangeDeadline(ProxyExchange exchange, LoopTimer timer) {
        this.exchange = exchange;
        this.timer = timer;
    }

    /** Begins to watch. */
    void start(RouteTimes newTimes) {
        times = newTimes;
        arm(Math.min(
                Math.min(times.firstByteNanos(), times.tryNanos()),
                Math.min(times.exchangeNanos(), times.idleNanos())));
    }

    void stop() {
        timer.cancel(this);
    }

    @Override
    protected void expire() {
        long now = System.nanoTime();
        long left = exchange.startNanos() + times.exchangeNanos() - now;
        Kind kind = Kind.EXCHANGE_TIMEOUT;
        long idleLeft = exchange.lastActivityNanos() + times.idleNanos() - now;
        if (idleLeft < left) {
            left = idleLeft;
            kind = Kind.IDLE_TIMEOUT;
        }
        if (!exchange.responseLeg.isBegun()) {
            long tryLeft = exchange.tryStartNanos(now) + times.tryNanos() - now;
            if (tryLeft < left) {
                left = tryLeft;
                kind = Kind.TRY_TIMEOUT;
            }
            long firstByteLeft = exchange.waitStartNanos(now) + times.firstByteNanos() - now;
            if (firstByteLeft < left) {
                left = firstByteLeft;
                kind = Kind.FIRST_BYTE_TIMEOUT;
            }
        }
        if (left > 0) {
            arm(left);
            return;
        }
        exchange.timedOut(kind);
        if (!exchange.isEnded() && !isSet()) {
            arm(Math.min(times.tryNanos(), times.firstByteNanos()));
        }
    }

    private void arm(long delayNanos) {
        if (delayNanos < RouteTimes.UNLIMITED) {
            timer.set(this, delayNanos);
        }
    }
}
