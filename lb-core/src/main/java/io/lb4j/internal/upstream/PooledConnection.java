package io.lb4j.internal.upstream;

import io.lb4j.error.ProxyException;
import io.lb4j.internal.snapshot.ClusterShare;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.spi.ClientConnection;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One connection of an {@link EndpointPool}, from the first attempt to connect to its end. Confined to the pool's event loop. */
final class PooledConnection implements ClientConnection.Events, Connector.Outcome {
    private final EndpointPool pool;
    private @Nullable ClientConnection connection;
    private boolean ended;
    private Yield yielded = Yield.NO;

    /** How the connection is being given up for others. */
    private enum Yield {
        NO,
        AT_ONCE,
        LATE // when its streams have ended
    }

    /** Whether the pool's stack of those with capacity holds it. */
    boolean isAvailable;

    /** Whether it counts as idle in the cluster's share. */
    boolean isIdle;

    int requests;
    long madeNanos;
    long idleSinceNanos;
    private boolean isMortal;
    private long retireNanos; // meaningful if it is mortal

    PooledConnection(EndpointPool pool) {
        this.pool = pool;
    }

    ClientConnection connection() {
        ClientConnection current = connection;
        if (current == null) {
            throw new IllegalStateException("connection: still being made (expected: established)");
        }
        return current;
    }

    boolean isEstablished() {
        return connection != null;
    }

    /**
     * Begins to live.
     *
     * @param lifetimeNanos after which it takes no more requests; up to a tenth sooner, lest those made together end together
     */
    void established(long lifetimeNanos) {
        madeNanos = System.nanoTime();
        isMortal = lifetimeNanos != Long.MAX_VALUE;
        if (isMortal) {
            retireNanos =
                    madeNanos + lifetimeNanos - ThreadLocalRandom.current().nextLong(lifetimeNanos / 10 + 1);
        }
    }

    /** Returns whether it takes no more requests because of its age. */
    boolean hasLivedLongEnough() {
        return isMortal && retireNanos - System.nanoTime() <= 0;
    }

    /** Returns whether somebody else's need is greater; the connection is to be drained then. */
    boolean tryYield(ClusterShare share) {
        if (yielded != Yield.NO) {
            return false; // it is on its way out
        }
        boolean isIdleNow = connection().activeStreams() == 0;
        if (isIdleNow ? share.tryYield() : share.tryYieldLate()) {
            yielded = isIdleNow ? Yield.AT_ONCE : Yield.LATE;
            return true;
        }
        return false;
    }

    /** Tells that it has closed, if it was given up. */
    void endYield(ClusterShare share) {
        if (yielded == Yield.AT_ONCE) {
            share.yielded();
        } else if (yielded == Yield.LATE) {
            share.yieldedLate();
        }
    }

    @Override
    public void onConnected(ClientConnection established) {
        connection = established;
        pool.connected(this);
    }

    @Override
    public void onFailed(ProxyException reason) {
        ended = true;
        pool.connectFailed(this, reason);
    }

    @Override
    public void onCapacity(ClientConnection source) {
        if (connection != null && !ended) {
            pool.capacityGrown(this);
        }
    }

    @Override
    public void onDraining(ClientConnection source) {
        if (connection != null && !ended) {
            pool.withdraw(this);
        }
    }

    @Override
    public void onClosed(ClientConnection source, ProxyException reason) {
        if (connection != null && !ended) {
            ended = true;
            pool.closed(this);
        }
    }
}
