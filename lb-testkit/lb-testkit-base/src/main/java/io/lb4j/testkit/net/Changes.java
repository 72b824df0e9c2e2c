package io.lb4j.testkit.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lets a test wait, without polling, until something that other threads record has come true. Thread-safe.
 *
 * <p>Whoever changes the observed state calls {@link #happened} afterwards.
 */
public final class Changes {
    /** How long {@link #await(String, Supplier)} waits. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

    private long version; // guarded by this

    /** Wakes all who wait, to look again. */
    public synchronized void happened() {
        version++;
        notifyAll();
    }

    /**
     * Waits up to {@link #DEFAULT_PATIENCE}.
     *
     * @param awaited what is awaited, for the failure
     * @param probe looks at the state; runs on the calling thread, again after each change
     * @param <T> what is found
     * @return what the probe found
     * @throws WireFailure if it finds nothing in time
     */
    public <T> T await(String awaited, Supplier<Optional<T>> probe) {
        return await(awaited, probe, DEFAULT_PATIENCE);
    }

    /**
     * Waits for a chosen time.
     *
     * @param awaited what is awaited, for the failure
     * @param probe looks at the state; runs on the calling thread, again after each change
     * @param patience how long
     * @param <T> what is found
     * @return what the probe found
     * @throws WireFailure if it finds nothing in time
     */
    public <T> T await(String awaited, Supplier<Optional<T>> probe, Duration patience) {
        List<T> found = new ArrayList<>(1);
        boolean cameTrue = within(patience, () -> {
            probe.get().ifPresent(found::add);
            return !found.isEmpty();
        });
        if (!cameTrue) {
            throw new WireFailure("awaited in vain for " + patience + ": " + awaited);
        }
        return found.get(0);
    }

    /**
     * Waits, and takes no for an answer.
     *
     * @param patience how long
     * @param probe looks at the state; runs on the calling thread, again after each change
     * @return whether it came true; false as well if the thread is interrupted
     */
    public boolean within(Duration patience, BooleanSupplier probe) {
        long deadline = System.nanoTime() + patience.toNanos();
        long seen = version();
        while (!probe.getAsBoolean()) {
            if (!awaitChange(seen, deadline)) {
                return false;
            }
            seen = version();
        }
        return true;
    }

    private synchronized long version() {
        return version;
    }

    private synchronized boolean awaitChange(long seen, long deadline) {
        try {
            while (version == seen) {
                long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    return false;
                }
                wait(leftMillis);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
