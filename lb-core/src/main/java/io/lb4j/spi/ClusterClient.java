package io.lb4j.spi;

import io.lb4j.error.ProxyException;

/**
 * Calls to the clusters of this balancer, for plugins: an authorisation service, a rate limiter. A call goes the way of a proxied request: the
 * cluster's policy picks among the endpoints that are well, connections come from its pools and count towards its limits, and its outcome counts
 * for the health and the statistics of endpoint and cluster. What was provably not processed is tried again elsewhere, twice at most.
 *
 * <p>Thread-safe and never blocks. A call that begins on one of the balancer's event loops stays on it, and its listener is called there; one from
 * another thread is given a loop. Listeners are not called before the method has returned. Once the balancer has closed both methods throw
 * {@link IllegalStateException}.
 */
public interface ClusterClient {
    /** Sends a request and gathers the response, up to {@link ClusterRequest#withMaxResponse}. */
    ClusterCall send(ClusterRequest request, Listener listener);

    /**
     * Sends a request and hands the response on as it comes. The data that the listener is given are its own to release; a call that fails or is
     * late ends with one call of {@code onFailure}.
     */
    ClusterCall open(ClusterRequest request, ResponseListener listener);

    /**
     * Returns whether a cluster of this name is in the configuration in force. A call that begins later may find another configuration. By default every name is
     * taken to be known.
     */
    default boolean isKnown(String cluster) {
        return true;
    }

    /** Hears how a call went: by one call of one of the two, unless it is cancelled. */
    interface Listener {
        /** The response is there, whatever its status. It is valid during the call. */
        void onResponse(ClusterResponse response);

        /** There is no response: the cluster is unknown, has no endpoint, is overloaded, failed or was late; or the response is too large. */
        void onFailure(ProxyException reason);
    }
}
