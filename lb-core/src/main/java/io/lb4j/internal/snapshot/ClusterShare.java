package io.lb4j.internal.snapshot;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the event loops' pools of one cluster share: the counts that its limits hold for, and the queue of those pools that need a connection
 * when there are as many as may be. It is carried from one snapshot to the next as long as the cluster is there. Thread-safe and
 * lock-free.
 *
 * <p>A connection that ends leaves a place. As long as there are claims, the first of them gets it, and nobody else does; so that there are
 * places, pools give up connections that carry nothing at once, and busy ones when their turn is over. As long as there are none, that
 * costs a look at an empty queue where a stream ends or a connection is made, and nothing elsewhere.
 */
public final class ClusterShare {
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final LongAdder handOvers = new LongAdder();

    // Of the hand-over:
    private final ConcurrentLinkedQueue<ConnectionClaim> claims = new ConcurrentLinkedQueue<>();
    private final AtomicInteger claimants = new AtomicInteger();
    private final AtomicInteger onTheirWay = new AtomicInteger(); // places of connections that close at once
    private final AtomicInteger yielding = new AtomicInteger(); // connections that close when their streams have ended
    private final Set<ConnectionHolder> holders = ConcurrentHashMap.newKeySet();

    /** Returns how many connections are open or being opened. */
    public int connections() {
        return connections.get();
    }

    /** Returns how many connections are open without a request. */
    public int idle() {
        return idle.get();
    }

    /** Returns how many requests wait for a connection. */
    public int pending() {
        return pending.get();
    }

    /** Returns how many connections were given up so that another event loop, or another endpoint, could have one. */
    public long handOvers() {
        return handOvers.sum();
    }

    /** Counts a connection unless that would exceed the limit, or others wait for the place. */
    public boolean tryConnection(int limit) {
        return claims.isEmpty() && tryTake(connections, limit);
    }

    /** Counts a connection no more. */
    public void connectionEnded() {
        connections.decrementAndGet();
        givePlaces();
        ConnectionClaim first = claims.peek();
        if (first != null) {
            seek(first); // where a limit was lowered, one that has ended is not enough
        }
    }

    /** Counts a connection without a request unless that would exceed the limit. */
    public boolean tryIdle(int limit) {
        return tryIncrement(idle, limit);
    }

    /** Counts a connection without a request no more. */
    public void idleEnded() {
        idle.decrementAndGet();
    }

    /** Counts a waiting request unless that would exceed the limit. */
    public boolean tryPending(int limit) {
        return tryIncrement(pending, limit);
    }

    /** Counts a waiting request no more. */
    public void pendingEnded() {
        pending.decrementAndGet();
    }

    // ---- Hand-over

    /** Adds a pool that may be asked for its idle connections. */
    public void join(ConnectionHolder holder) {
        holders.add(holder);
    }

    /** Removes a pool. */
    public void leave(ConnectionHolder holder) {
        holders.remove(holder);
    }

    /** Queues for a place. The claim is served once, unless it is {@linkplain #withdraw withdrawn} before. */
    public void claim(ConnectionClaim claim) {
        claimants.incrementAndGet();
        claims.add(claim);
        // A place may have come free before the claim was there to be seen.
        givePlaces();
        // Whatever becomes idle from here on is given up for it. What was idle before is asked for.
        seek(claim);
    }

    /** Takes over another limit for a claim, which may be served by that. */
    public void renew(ConnectionClaim claim, int limit) {
        if (claim.limit(limit)) {
            givePlaces();
        }
    }

    /** Takes a claim back. It may still be served, if it was about to be. */
    public void withdraw(ConnectionClaim claim) {
        if (claims.remove(claim)) {
            claimants.decrementAndGet();
            givePlaces(); // it may have stood before one whose limit allows more
        }
    }

    private void seek(ConnectionClaim claim) {
        if (idle.get() > 0) {
            seek(new Search(claim, holders.iterator()));
        }
    }

    /** Asks the next pool that seems to have an idle connection to give it up; each is asked once. */
    public void seek(Search search) {
        while (isPlaceWanted() && search.left().hasNext()) {
            ConnectionHolder next = search.left().next();
            if (!search.claim().isOf(next) && next.idleConnections() > 0) {
                next.askForIdle(search);
                return;
            }
        }
    }

    /**
     * The search for a connection that carries nothing.
     *
     * @param claim which it is for
     * @param left who is yet to be asked
     */
    public record Search(ConnectionClaim claim, Iterator<ConnectionHolder> left) {}

    private boolean isPlaceWanted() {
        return onTheirWay.get() < claimants.get();
    }

    /**
     * Returns whether a connection that would close at once is to be given up for somebody else. {@link #yielded} must follow when it has.
     */
    public boolean tryYield() {
        if (claims.isEmpty() || !tryTake(onTheirWay, claimants.get())) {
            return false;
        }
        handOvers.increment();
        return true;
    }

    /**
     * Returns whether a connection is to be given up that closes when its streams have ended. One in ten may be on its way out at a time,
     * lest streams that do not end leave nothing to those that come. {@link #yieldedLate} must follow when it has closed.
     */
    public boolean tryYieldLate() {
        if (!isPlaceWanted() || !tryTake(yielding, 1 + connections.get() / 10)) {
            return false;
        }
        handOvers.increment();
        return true;
    }

    /** A connection that was given up has closed. Comes before its {@link #connectionEnded}. */
    public void yielded() {
        onTheirWay.decrementAndGet();
    }

    /** A connection that was given up has closed when its streams had ended. Comes before its {@link #connectionEnded}. */
    public void yieldedLate() {
        yielding.decrementAndGet();
    }

    /**
     * Returns whether it is somebody else's turn: they have waited for as long as one takes, and so long has the connection been there.
     *
     * @param holder of the connection
     * @param sinceNanos when it was made
     */
    public boolean isTurnOver(ConnectionHolder holder, long sinceNanos) {
        if (claims.isEmpty()) {
            return false;
        }
        long nowNanos = System.nanoTime();
        for (ConnectionClaim claim : claims) {
            if (!claim.isOf(holder)) {
                long turnNanos = claim.turnNanos(claimants.get());
                return nowNanos - sinceNanos >= turnNanos && nowNanos - claim.sinceNanos() >= turnNanos;
            }
        }
        return false;
    }

    private void givePlaces() {
        while (true) {
            ConnectionClaim first = claims.peek();
            if (first == null || !tryTake(connections, first.limit())) {
                return;
            }
            if (claims.remove(first)) {
                claimants.decrementAndGet();
                first.serve();
            } else {
                connections.decrementAndGet();
            }
        }
    }

    /** Never exceeds the limit, not even for a moment, in which somebody else would be refused what there is. */
    private static boolean tryTake(AtomicInteger counter, int limit) {
        int before = counter.get();
        while (before < limit) {
            if (counter.compareAndSet(before, before + 1)) {
                return true;
            }
            before = counter.get();
        }
        return false;
    }

    private static boolean tryIncrement(AtomicInteger counter, int limit) {
        if (counter.incrementAndGet() <= limit) {
            return true;
        }
        counter.decrementAndGet();
        return false;
    }
}
