package io.lb4j.acme.internal.life;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** A limit of our own: so many orders in so long at one authority, whatever else goes wrong. Thread-safe. */
public final class OrderRate {
    private final int orders;
    private final Duration span;
    private final Deque<Instant> made = new ArrayDeque<>(); // guarded by this

    /** Creates a limit that nothing has been taken of. */
    public OrderRate(int orders, Duration span) {
        this.orders = orders;
        this.span = span;
    }

    /**
     * Takes leave for one order.
     *
     * @return zero if it is given; otherwise how long until it may be
     */
    public synchronized Duration take(Instant now) {
        // Those of times to come were counted by a clock that has been put back since.
        made.removeIf(at -> !at.plus(span).isAfter(now) || at.isAfter(now.plus(span)));
        if (made.size() < orders) {
            made.addLast(now);
            return Duration.ZERO;
        }
        return Duration.between(now, made.getFirst().plus(span));
    }
}
