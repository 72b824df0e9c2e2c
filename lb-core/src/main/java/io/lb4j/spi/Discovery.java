package io.lb4j.spi;

import io.lb4j.model.Endpoint;
import java.io.IOException;
import java.util.List;

/**
 * Where a cluster's endpoints come from. A discovery tells what its source says, whole states at a time, and nothing else. What to make of
 * that is core's part and the same for all: changes that come thick and fast are taken together, an error keeps what is known, an empty
 * answer is believed after a time of grace, a sudden loss is held back, names are resolved, what was known is kept on disk, and a watch
 * that ends is begun again after a back-off.
 *
 * <p>The least that a discovery needs is {@link #discover()}: core then asks at intervals. A source that can tell of changes overrides
 * {@link #watch}. Thread-safe. One object is for one cluster: core watches once at a
 * time, and {@linkplain #close() closes} when the cluster no longer has it.
 */
@FunctionalInterface
public interface Discovery extends AutoCloseable {
    /**
     * Asks the source once. May block; never called on an event loop or on the control thread.
     *
     * @return every endpoint that the source knows at present
     * @throws IOException if the source cannot be asked, or answers what cannot be understood
     */
    List<Endpoint> discover() throws IOException;

    /**
     * Begins to watch the source. The listener hears of the present state soon, and of each later one, until the context is
     * {@linkplain DiscoveryContext#isOver() over} or this is closed. It may block and it may return while the watch goes on; what it
     * throws ends the watch as {@link Listener#onEnd} does. By default {@link #discover()} is asked at intervals.
     *
     * @param context of this watch; another watch has another
     */
    default void watch(DiscoveryContext context, Listener listener) {
        context.poll(this, listener);
    }

    /** Lets go of what it holds, a watch that goes on included. May block. Idempotent. By default there is nothing to let go of. */
    @Override
    default void close() {}

    /**
     * Hears what a source says, on any thread, from one thread at a time. It returns at once. After the watch's context is over nothing is
     * listened to.
     */
    interface Listener {
        /**
         * The source says that these are the endpoints, all of them; an empty list is a statement too. Hosts may be names: core resolves
         * them. Of several with one address the first counts.
         *
         * @param endpoints not to be changed afterwards
         */
        void onEndpoints(List<Endpoint> endpoints);

        /**
         * Says what {@link #onEndpoints(List)} does, of a source some of whose entries cannot be understood.
         *
         * @param endpoints not to be changed afterwards
         * @param leftOut how many entries are missing among them; statistics count them
         */
        default void onEndpoints(List<Endpoint> endpoints, int leftOut) {
            onEndpoints(endpoints);
        }

        /** The source could not be asked; the watch goes on. What was known before stays in force, marked as stale. */
        void onError(Throwable reason);

        /** The watch has ended, and what was known stays in force, marked as stale. Core begins another watch after a back-off. */
        void onEnd(Throwable reason);
    }
}
