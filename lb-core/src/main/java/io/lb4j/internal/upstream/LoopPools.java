package io.lb4j.internal.upstream;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.spi.Candidate;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop to all endpoints of all clusters. Confined to its event loop. */
public final class LoopPools {
    private final LoopContext loop;
    private final IdentityHashMap<Candidate, EndpointPool> pools = new IdentityHashMap<>();
    private final IdentityHashMap<Candidate, EndpointPool> http1Pools =
            new IdentityHashMap<>(); // beside, where both are spoken
    private final IdentityHashMap<EndpointPool, Boolean> retiring = new IdentityHashMap<>();

    /** Creates pools that are empty. */
    public LoopPools(LoopContext loop) {
        this.loop = loop;
    }

    /** Opens a stream to an endpoint now, or as soon as there is a connection for it. */
    public void acquire(UpstreamCluster cluster, Candidate candidate, StreamRequest request) {
        acquire(pools, cluster, candidate, request);
    }

    /**
     * Opens a stream over HTTP/1.1 to an endpoint that does over HTTP/2 not do what is asked.
     *
     * @return whether HTTP/1.1 may be spoken with the cluster; if not, the request is not taken
     */
    public boolean acquireHttp1(UpstreamCluster cluster, Candidate candidate, StreamRequest request) {
        if (cluster.http1().isEmpty()) {
            return false;
        }
        acquire(http1Pools, cluster.http1().get(), candidate, request);
        return true;
    }

    private void acquire(
            IdentityHashMap<Candidate, EndpointPool> table,
            UpstreamCluster cluster,
            Candidate candidate,
            StreamRequest request) {
        EndpointPool pool = table.get(candidate);
        if (pool == null || pool.cluster() != cluster) {
            retire(table.remove(candidate));
            pool = new EndpointPool(loop, candidate.endpoint(), cluster, retiring::remove);
            table.put(candidate, pool);
        }
        pool.acquire(request);
    }

    /** Forgets a request that waits for a connection; does nothing if it does not wait. */
    public void cancel(Candidate candidate, StreamRequest request) {
        cancel(pools.get(candidate), request);
        cancel(http1Pools.get(candidate), request);
    }

    private static void cancel(@Nullable EndpointPool pool, StreamRequest request) {
        if (pool != null) {
            pool.cancel(request);
        }
    }

    /** Lets go of an endpoint that has left its cluster: its connections close as their streams end. */
    public void retire(Candidate candidate) {
        retire(pools.remove(candidate));
        retire(http1Pools.remove(candidate));
    }

    private void retire(@Nullable EndpointPool pool) {
        if (pool != null) {
            retiring.put(pool, Boolean.TRUE);
            pool.retire();
        }
    }

    /** Lets go of every endpoint. */
    public void retireAll() {
        List.copyOf(pools.keySet()).forEach(this::retire);
        List.copyOf(http1Pools.keySet()).forEach(this::retire);
    }

    /** Closes every connection at once: in good order they would still linger when their loop ends. */
    public void closeAll() {
        for (IdentityHashMap<Candidate, EndpointPool> table : List.of(pools, http1Pools)) {
            table.values().forEach(pool -> retiring.put(pool, Boolean.TRUE));
            table.clear();
        }
        List.copyOf(retiring.keySet()).forEach(EndpointPool::closeAll);
    }

    /** Returns whether no connection is left. */
    public boolean isEmpty() {
        return pools.isEmpty() && http1Pools.isEmpty() && retiring.isEmpty();
    }
}
