package io.lb4j.internal.upstream;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.spi.Candidate;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop to all endpoints of all clusters. Confined to its event loop. */
public final class LoopPools {
    private final LoopContext loop;
    private final IdentityHashMap<Candidate, EndpointPool> pools = new IdentityHashMap<>();
    private final IdentityHashMap<Candidate, EndpointPool> http1Pools =
            new IdentityHashMap<>(); // beside, where both are spoken
    private final IdentityHashMap<EndpointPool, Boolean> replaced =
            new IdentityHashMap<>(); // by others that connect in another way

    /** Creates pools that are empty. */
    public LoopPools(LoopContext loop) {
        this.loop = loop;
    }

    /** Opens a stream to an endpoint now, or as soon as there is a connection for it. */
    public void acquire(UpstreamCluster cluster, EndpointState endpoint, StreamRequest request) {
        acquire(pools, cluster, endpoint, request);
    }

    /**
     * Opens a stream over HTTP/1.1 to an endpoint that does over HTTP/2 not do what is asked.
     *
     * @return whether HTTP/1.1 may be spoken with the cluster; if not, the request is not taken
     */
    public boolean acquireHttp1(UpstreamCluster cluster, EndpointState endpoint, StreamRequest request) {
        if (cluster.http1().isEmpty()) {
            return false;
        }
        acquire(http1Pools, cluster.http1().get(), endpoint, request);
        return true;
    }

    private void acquire(
            IdentityHashMap<Candidate, EndpointPool> table,
            UpstreamCluster cluster,
            EndpointState endpoint,
            StreamRequest request) {
        EndpointPool pool = table.get(endpoint);
        if (pool == null || !pool.follow(cluster)) {
            if (pool != null) {
                table.remove(endpoint);
                replaced.put(pool, Boolean.TRUE);
                pool.retire();
            }
            pool = new EndpointPool(loop, endpoint.endpoint(), cluster, empty -> forget(table, endpoint, empty));
            table.put(endpoint, pool);
        }
        pool.acquire(request);
        if (endpoint.standing().isLeaving()) {
            // The request is of an exchange that began before the endpoint left: it is served, and nothing is kept.
            pool.retire();
        }
    }

    private void forget(IdentityHashMap<Candidate, EndpointPool> table, Candidate candidate, EndpointPool empty) {
        replaced.remove(empty);
        if (table.get(candidate) == empty) {
            table.remove(candidate);
        }
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

    /** Lets go of an endpoint that has left its cluster: its connections close as their streams end, or when its time to drain is over. */
    public void retire(Candidate candidate) {
        retire(pools.get(candidate));
        retire(http1Pools.get(candidate));
    }

    private static void retire(@Nullable EndpointPool pool) {
        if (pool != null) {
            pool.retire();
        }
    }

    /** Lets go of every endpoint. */
    public void retireAll() {
        all().forEach(EndpointPool::retire);
    }

    /** Closes every connection at once: in good order they would still linger when their loop ends. */
    public void closeAll() {
        all().forEach(EndpointPool::closeAll);
    }

    private List<EndpointPool> all() {
        List<EndpointPool> all = new ArrayList<>(pools.values());
        all.addAll(http1Pools.values());
        all.addAll(replaced.keySet());
        return all;
    }

    /** Returns whether no connection is left. */
    public boolean isEmpty() {
        return pools.isEmpty() && http1Pools.isEmpty() && replaced.isEmpty();
    }
}
