package io.lb4j.discovery;

import io.lb4j.spi.SharedStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An election among the instances of a fleet: of all that have joined under one name, one is the leader at a time. It holds the lock of that
 * name in a {@link SharedStore} (etcd, Consul, Kubernetes), so whoever must be sure writes with {@link SharedStore#putFenced}.
 *
 * <p>A leader that cannot renew stops being one by its own clock, before the store would give the lock to another. A leader that resigns is
 * followed within a third of the term, one that vanishes within four thirds. Thread-safe; has one thread until it is closed.
 */
public final class Election implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Election.class);
    private static final int ROUNDS = 3; // renewals in a term

    private final SharedStore store;
    private final String name;
    private final Duration term;
    private final Candidate candidate;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Office office; // written on the thread alone

    /** Hears of an election's outcome, on the election's own thread, which renews in between: it returns soon. */
    public interface Candidate {
        /** This instance leads from now on, as long as {@link Election#isLeader()}. */
        void onElected(SharedStore.Lock lock);

        /** This instance leads no more. */
        void onDeposed();
    }

    /**
     * The leader's lock.
     *
     * @param lock held
     * @param endNanos until when it is held for sure
     */
    private record Office(SharedStore.Lock lock, long endNanos) {
        boolean isOver() {
            return System.nanoTime() - endNanos >= 0;
        }
    }

    private Election(SharedStore store, String name, Duration term, Candidate candidate) {
        this.store = store;
        this.name = name;
        this.term = StoreRules.requireTimeToLive(term);
        this.candidate = candidate;
        thread = new Thread(this::run, "lb4j-election");
        thread.setDaemon(true);
    }

    /**
     * Joins an election.
     *
     * @param store stays the caller's to close, after the election
     * @param name what is led: {@code acme}
     * @param term how long a leader leads without renewing
     */
    public static Election join(SharedStore store, String name, Duration term, Candidate candidate) {
        Election election = new Election(store, name, term, candidate);
        election.thread.start();
        return election;
    }

    /** Returns whether this instance leads, for sure: false from the moment when the store may give the lock to another. */
    public boolean isLeader() {
        return lock().isPresent();
    }

    /** Returns the leader's lock, with its fence, if this instance leads. */
    public Optional<SharedStore.Lock> lock() {
        return Optional.ofNullable(office).filter(held -> !held.isOver()).map(Office::lock);
    }

    private void run() {
        boolean isOpen = true;
        while (isOpen) {
            round();
            isOpen = !isClosedWithin(untilNext());
        }
        Office held = office;
        if (held != null) {
            depose();
            held.lock.close();
        }
    }

    private void round() {
        Office held = office;
        long before = System.nanoTime();
        try {
            if (held == null) {
                store.tryLock(name, term).ifPresent(lock -> {
                    office = new Office(lock, before + term.toNanos());
                    candidate.onElected(lock);
                });
            } else if (held.lock.renew()) {
                office = new Office(held.lock, before + term.toNanos());
            } else {
                depose();
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.warn("election {}: the store cannot be asked: {}", name, e.toString());
            if (held != null && held.isOver()) {
                depose();
            }
        }
    }

    private void depose() {
        office = null;
        try {
            candidate.onDeposed();
        } catch (RuntimeException e) {
            LOGGER.warn("election {}: the candidate failed to step down", name, e);
        }
    }

    /** Varied by chance, so that those who wait do not all ask at once. */
    private long untilNext() {
        long round = term.toNanos() / ROUNDS;
        long varied = round - ThreadLocalRandom.current().nextLong(round / 4 + 1);
        Office held = office;
        return held == null ? varied : Math.max(0, Math.min(varied, held.endNanos - System.nanoTime()));
    }

    private boolean isClosedWithin(long nanos) {
        try {
            return closed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Interrupted by close(), which does not wait for a store that hangs.
            return true;
        }
    }

    /** Leaves the election; the lock is given up, as far as the store can be reached. Idempotent. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(term.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
