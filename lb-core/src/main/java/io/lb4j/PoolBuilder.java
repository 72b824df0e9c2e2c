package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Limit;
import io.lb4j.model.Pool;
import java.time.Duration;

/** The connections that are kept with a cluster's endpoints, and the requests that wait for one. */
public final class PoolBuilder extends SectionBuilder<PoolBuilder> {
    PoolBuilder(Draft draft) {
        super(draft);
    }

    @Override
    PoolBuilder self() {
        return this;
    }

    /** Sets the most connections to the cluster's endpoints together. Default: 1,024. */
    public PoolBuilder maxConnections(int count) {
        return set(Pool.MAX_CONNECTIONS, count, "maxConnections");
    }

    /** Sets the most idle connections to the cluster's endpoints together. Default: 100. */
    public PoolBuilder maxIdle(int count) {
        return set(Pool.MAX_IDLE, count, "maxIdle");
    }

    /** Sets how long a connection is kept without a request. Default: 60 seconds. */
    public PoolBuilder idleTimeout(Duration time) {
        return set(Pool.IDLE_TIMEOUT, time, "idleTimeout");
    }

    /** Sets how long a connection takes new requests. Default: unlimited. */
    public PoolBuilder maxLifetime(Duration time) {
        return set(Pool.MAX_LIFETIME, Limit.of(time), "maxLifetime");
    }

    /** Sets the most requests on one connection. Default: unlimited. */
    public PoolBuilder maxRequests(long count) {
        return set(Pool.MAX_REQUESTS, Limit.of(count), "maxRequests");
    }

    /** Sets the most streams that are open at once on one connection of HTTP/2. Default: 100. */
    public PoolBuilder maxStreams(int count) {
        return set(Pool.MAX_STREAMS, count, "maxStreams");
    }

    /** Sets the most requests that wait for a connection. Default: 1,024. */
    public PoolBuilder maxPending(int count) {
        return set(Pool.MAX_PENDING, count, "maxPending");
    }

    /** Sets how long a request waits for a connection. Default: 5 seconds. */
    public PoolBuilder pendingTimeout(Duration time) {
        return set(Pool.PENDING_TIMEOUT, time, "pendingTimeout");
    }
}
