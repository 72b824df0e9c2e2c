package io.lb4j.acme.internal.life;

import io.lb4j.acme.model.CertificateNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The keepers of all certificates: gives each its turns, on threads that may wait, so that one name that fails keeps no other from its
 * certificate. Thread-safe.
 */
public final class Keepers {
    private final Surroundings around;
    private final Executor workers;
    private final List<Keeper> keepers = new ArrayList<>(); // filled before it is published
    private final AtomicBoolean begun = new AtomicBoolean();

    /**
     * Creates keepers, and serves what is stored.
     *
     * @param workers run turns, several at a time
     * @throws UncheckedIOException if the storage cannot be asked
     */
    public Keepers(Surroundings around, Served served, Executor workers) {
        this.around = around;
        this.workers = workers;
        for (CertificateNames names : around.options().certificates()) {
            Keeper keeper = new Keeper(names, around, served);
            try {
                keeper.open();
            } catch (IOException e) {
                throw new UncheckedIOException(names + ": the storage cannot be read: " + e.getMessage(), e);
            }
            keepers.add(keeper);
        }
    }

    /** Begins to order; challenges are answered by now. Does nothing the second time. */
    public void begin() {
        if (begun.compareAndSet(false, true)) {
            keepers.forEach(keeper -> schedule(keeper, Duration.ZERO));
        }
    }

    private void schedule(Keeper keeper, Duration delay) {
        try {
            long nanos = Math.max(0, delay.toNanos());
            around.context()
                    .scheduler()
                    .schedule(() -> workers.execute(() -> turn(keeper)), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The balancer closes, and nothing is due any more.
        }
    }

    private void turn(Keeper keeper) {
        try {
            schedule(keeper, keeper.turn());
        } catch (InterruptedException e) {
            // The balancer closes: there is no next turn.
            Thread.currentThread().interrupt();
        }
    }
}
