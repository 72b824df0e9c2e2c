package io.lb4j.internal.observe;

import io.lb4j.exchange.Exchange;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.Tap;
import io.lb4j.stats.AccessRecord;
import io.lb4j.stats.ExchangeSample;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who samples exchanges at the moment. Thread-safe; while nobody does it costs one read. */
public final class Taps {
    private static final Logger LOGGER = LoggerFactory.getLogger(Taps.class);
    private static final int MAX_TAPS = 16;
    private static final int MAX_PER_SECOND = 10_000;
    private static final int MIN_ROOM = 16;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final LongSupplier clock;
    private final CopyOnWriteArrayList<OpenTap> open = new CopyOnWriteArrayList<>();

    /**
     * Creates taps of which none is open.
     *
     * @param clock the present in nanoseconds
     */
    public Taps(LongSupplier clock) {
        this.clock = clock;
    }

    /** Opens a tap, as {@link io.lb4j.spi.Actions#tap} says. */
    public Tap open(Predicate<? super AccessRecord> filter, int perSecond) {
        if (perSecond < 1 || perSecond > MAX_PER_SECOND) {
            throw new IllegalArgumentException("per second: " + perSecond + " (expected: 1.." + MAX_PER_SECOND + ")");
        }
        OpenTap tap = new OpenTap(filter, perSecond);
        synchronized (open) {
            if (open.size() >= MAX_TAPS) {
                throw new IllegalStateException("open taps: " + open.size() + " (expected: < " + MAX_TAPS + ")");
            }
            open.add(tap);
        }
        return tap;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Offers an exchange that has ended to those who tap. */
    void offer(AccessRecord access, Exchange exchange) {
        for (OpenTap tap : open) {
            tap.offer(access, exchange);
        }
    }

    /** One tap: its rate by whole seconds, its queue by as many samples as one second may bring. */
    private final class OpenTap implements Tap {
        private final Predicate<? super AccessRecord> filter;
        private final int perSecond;
        private final BlockingQueue<ExchangeSample> samples;
        private final AtomicLong second = new AtomicLong(Long.MIN_VALUE);
        private final AtomicLong taken = new AtomicLong(); // in this second
        private final AtomicLong missed = new AtomicLong();
        private final AtomicBoolean faultLogged = new AtomicBoolean();

        OpenTap(Predicate<? super AccessRecord> filter, int perSecond) {
            this.filter = filter;
            this.perSecond = perSecond;
            samples = new LinkedBlockingQueue<>(Math.max(MIN_ROOM, perSecond));
        }

        void offer(AccessRecord access, Exchange exchange) {
            if (!wants(access)) {
                return;
            }
            long now = Math.floorDiv(clock.getAsLong(), SECOND_NANOS);
            long before = second.get();
            if (now != before && second.compareAndSet(before, now)) {
                taken.set(0);
            }
            if (taken.incrementAndGet() > perSecond || !samples.offer(sample(access, exchange))) {
                missed.incrementAndGet();
            }
        }

        private boolean wants(AccessRecord access) {
            try {
                return filter.test(access);
            } catch (RuntimeException fault) {
                if (faultLogged.compareAndSet(false, true)) {
                    LOGGER.warn("the filter of a tap failed; what it fails on is left out", fault);
                }
                return false;
            }
        }

        @Override
        public Optional<ExchangeSample> next(Duration timeout) throws InterruptedException {
            return Optional.ofNullable(samples.poll(timeout.toNanos(), TimeUnit.NANOSECONDS));
        }

        @Override
        public long missed() {
            return missed.get();
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }

    private static ExchangeSample sample(AccessRecord access, Exchange exchange) {
        return new ExchangeSample(
                access,
                exchange.request().fields().toString(),
                exchange.response()
                        .map(ResponseHead::fields)
                        .map(Object::toString)
                        .orElse(""));
    }
}
