package io.lb4j.internal.upstream;

import io.lb4j.error.ProxyException;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.spi.ClientConnection;
import org.jspecify.annotations.Nullable;

/** One connection of an {@link EndpointPool}, from the first attempt to connect to its end. Confined to the pool's event loop. */
final class PooledConnection implements ClientConnection.Events, Connector.Outcome {
    private final EndpointPool pool;
    private @Nullable ClientConnection connection;
    private boolean ended;

    /** Whether the pool's stack of those with capacity holds it. */
    boolean isAvailable;

    /** Whether it counts as idle in the cluster's share. */
    boolean isIdle;

    int requests;
    long idleSinceNanos;
    long retireNanos = Long.MAX_VALUE;

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
