package io.lb4j.internal.snapshot;

import io.lb4j.error.Kind;

/**
 * The books of a listener, a route, a cluster or an endpoint; carried from one snapshot to the next. Implemented by the observe stage.
 * Each event loop writes under its own number, so that loops do not wait for each other.
 */
public interface Traffic {
    /** Books in which nothing is entered. */
    Traffic NONE = new Traffic() {
        @Override
        public void began(int loop) {
            // Nobody reads them.
        }

        @Override
        public void triedInVain(int loop, Kind kind) {
            // Nobody reads them.
        }

        @Override
        public void ended(int loop, FinishedExchange exchange) {
            // Nobody reads them.
        }
    };

    /** An exchange has begun. */
    void began(int loop);

    /** A try has failed, and the exchange goes on elsewhere. For the books of an endpoint. */
    void triedInVain(int loop, Kind kind);

    /** An exchange has ended. It is valid during the call. */
    void ended(int loop, FinishedExchange exchange);
}
