package io.lb4j.spi;

import io.lb4j.model.Configuration;

/**
 * Where whole configurations come from: a file, a directory, a Kubernetes controller. Thread-safe.
 */
public interface ConfigSource extends AutoCloseable {
    /** Begins to watch. The listener hears of the present configuration soon, and of each later one. */
    void watch(Listener listener);

    /** Stops watching. Idempotent. */
    @Override
    void close();

    /** Hears of configurations, from one thread at a time. */
    interface Listener {
        /** This is the configuration from now on, whole. */
        void onConfiguration(Configuration configuration);

        /** The source has none that can be used; what is in force stays so. */
        void onError(Throwable reason);
    }
}
