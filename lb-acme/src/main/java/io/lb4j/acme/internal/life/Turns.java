package io.lb4j.acme.internal.life;

import io.lb4j.spi.ManagedCertificates;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The turns of one keeper: one is due at a time, the earliest that was asked for. Thread-safe. */
final class Turns {
    private static final Logger logger = LoggerFactory.getLogger(Turns.class);
    private static final Duration AFTER_DEFECT = Duration.ofMinutes(10);

    private final Keeper keeper;
    private final ManagedCertificates.Context context;
    private final Executor workers;
    private final Predicate<Keeper> ends;
    private @Nullable ScheduledFuture<?> next; // guarded by this

    /** @param ends is asked after each turn whether it was the last */
    Turns(Keeper keeper, ManagedCertificates.Context context, Executor workers, Predicate<Keeper> ends) {
        this.keeper = keeper;
        this.context = context;
        this.workers = workers;
        this.ends = ends;
    }

    Keeper keeper() {
        return keeper;
    }

    /** Lets the keeper have a turn after some time, or earlier if that has been asked for. */
    synchronized void in(Duration delay) {
        // By the time that is left, not by the clock, which may have been set meanwhile.
        if (next != null && next.getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos()) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        try {
            next = context.scheduler().schedule(this::begin, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("{}: the balancer closes, and nothing is due any more", keeper.names(), e);
        }
    }

    private void begin() {
        synchronized (this) {
            next = null;
        }
        try {
            workers.execute(this::turn);
        } catch (RejectedExecutionException e) {
            logger.debug("{}: the balancer closes, and nothing is done any more", keeper.names(), e);
        }
    }

    private void turn() {
        try {
            Duration wait = keeper.turn();
            if (!ends.test(keeper)) {
                in(wait);
            }
        } catch (InterruptedException e) {
            // The balancer closes: there is no next turn.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            logger.error("{}: a defect; tried again in {}", keeper.names(), AFTER_DEFECT, e);
            in(AFTER_DEFECT);
        }
    }
}
