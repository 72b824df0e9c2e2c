package io.lb4j.http3;

import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Which requests to a cluster's endpoints may go before the handshake is over: those that may come to an endpoint again and again (RFC 8470). Where
 * one was told that it came too early, all wait for a while, so that it is not too early again. Thread-safe.
 */
final class EarlyRequests {
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clockNanos;
    private final AtomicLong notBeforeNanos;

    EarlyRequests(LongSupplier clockNanos) {
        this.clockNanos = clockNanos;
        notBeforeNanos = new AtomicLong(clockNanos.getAsLong());
    }

    /**
     * Returns whether a request may go early.
     *
     * @param end whether the head is all of it
     */
    boolean mayGo(RequestHead request, boolean end) {
        return end
                && request.method().isSafe()
                && !request.isUpgrade()
                && !request.fields().contains(FieldName.EARLY_DATA)
                && clockNanos.getAsLong() - notBeforeNanos.get() >= 0;
    }

    /** One was told that it came too early (425). */
    void onTooEarly() {
        notBeforeNanos.set(clockNanos.getAsLong() + PAUSE_NANOS);
    }
}
