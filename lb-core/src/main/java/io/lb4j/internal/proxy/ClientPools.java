package io.lb4j.internal.proxy;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.internal.upstream.LoopPools;
import java.util.IdentityHashMap;

/**
 * The connections that are made for one client's connection alone, because they tell endpoints who the client is. They serve no other, and
 * end with it, or when they have been idle for long enough. Confined to the client's event loop.
 */
final class ClientPools {
    private final ConnectionInfo client;
    private final LoopPools pools;
    private final IdentityHashMap<UpstreamCluster, UpstreamCluster> clusters = new IdentityHashMap<>();

    ClientPools(ConnectionInfo client, LoopContext loop) {
        this.client = client;
        pools = new LoopPools(loop);
    }

    LoopPools pools() {
        return pools;
    }

    /** Returns the cluster whose connections are made for this client: the same object each time, so that they are used again. */
    UpstreamCluster of(UpstreamCluster shared) {
        UpstreamCluster known = clusters.get(shared);
        if (known == null) {
            clusters.clear(); // of a configuration that is past, mostly
            known = shared.with(shared.connector().forClient(client));
            clusters.put(shared, known);
        }
        return known;
    }
}
