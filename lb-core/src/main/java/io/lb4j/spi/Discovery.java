package io.lb4j.spi;

import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.util.List;

/**
 * Where a cluster's endpoints come from. A discovery tells what its source says, whole states at a time, and nothing else: what to make of
 * errors, of empty answers and of sudden losses, and how long to wait before asking again, is core's part and the same for all.
 *
 * <p>Thread-safe. The balancer calls {@link #watch} once and {@link #close} once; a listener is called by one thread at a time.
 */
public interface Discovery extends AutoCloseable {
    /**
     * Asks the source once. May block; never called on an event loop.
     *
     * @return every endpoint that the source knows at present
     * @throws IOException if the source cannot be asked, or answers what cannot be understood
     */
    List<Endpoint> discover() throws IOException;

    /**
     * Begins to watch the source. The listener hears of the present state soon, and of each later one, until {@link #close}. By itself a
     * watch recovers from whatever passes.
     */
    void watch(Listener listener);

    /** Stops watching and lets go of what it holds. Idempotent. */
    @Override
    void close();

    /** Hears what a source says. */
    interface Listener {
        /** The source says that these are the endpoints, all of them; an empty list is a statement too. */
        void onEndpoints(List<Endpoint> endpoints);

        /** The source could not be asked. What was known before stays in force, marked as stale. */
        void onError(Throwable reason);
    }
}
