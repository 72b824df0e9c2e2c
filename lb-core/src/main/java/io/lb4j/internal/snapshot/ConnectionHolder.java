package io.lb4j.internal.snapshot;

/** A pool that shares in the connections of its cluster: that of one event loop to one endpoint. Thread-safe. */
public interface ConnectionHolder {
    /** Returns how many connections carry nothing, as far as that can be seen from another event loop. */
    int idleConnections();

    /** Asks for an idle connection to be given up; where there is none any more, the search goes on. */
    void askForIdle(ClusterShare.Search search);

    /** A connection may be made for a claim of this pool's: its place is counted already. */
    void serve(ConnectionClaim claim);
}
