package io.lb4j.internal.upstream;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.spi.Candidate;
import java.util.IdentityHashMap;
import java.util.List;

/** The connections of one event loop to all endpoints of all clusters. Confined to its event loop. */
public final class LoopPools {
    private final LoopContext loop;
    private final IdentityHashMap<Candidate, EndpointPool> pools = new IdentityHashMap<>();
    private final IdentityHashMap<EndpointPool, Boolean> retiring = new IdentityHashMap<>();

    /** Creates pools that are empty. */
    public LoopPools(LoopContext loop) {
        this.loop = loop;
    }

    /** Opens a stream to an endpoint now, or as soon as there is a connection for it. */
    public void acquire(UpstreamCluster cluster, Candidate candidate, StreamRequest request) {
        EndpointPool pool = pools.get(candidate);
        if (pool == null || pool.cluster() != cluster) {
            retire(candidate);
            pool = new EndpointPool(loop, candidate.endpoint(), cluster, retiring::remove);
            pools.put(candidate, pool);
        }
        pool.acquire(request);
    }

    /** Forgets a request that waits for a connection; does nothing if it does not wait. */
    public void cancel(Candidate candidate, StreamRequest request) {
        EndpointPool pool = pools.get(candidate);
        if (pool != null) {
            pool.cancel(request);
        }
    }

    /** Lets go of an endpoint that has left its cluster: its connections close as their streams end. */
    public void retire(Candidate candidate) {
        EndpointPool pool = pools.remove(candidate);
        if (pool != null) {
            retiring.put(pool, Boolean.TRUE);
            pool.retire();
        }
    }

    /** Lets go of every endpoint. */
    public void retireAll() {
        List.copyOf(pools.keySet()).forEach(this::retire);
    }

    /** Closes every connection at once. */
    public void closeAll() {
        retireAll();
        List.copyOf(retiring.keySet()).forEach(EndpointPool::closeAll);
    }

    /** Returns whether no connection is left. */
    public boolean isEmpty() {
        return pools.isEmpty() && retiring.isEmpty();
    }
}
