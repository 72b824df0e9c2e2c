package io.lb4j.spi;

import io.lb4j.http.Method;
import java.util.Map;

/**
 * Something that takes part in exchanges: by a {@link Filter} for each of them. Core calls {@link #init} once, {@link #filter} for every exchange that
 * {@link #canHandle} lets through, and {@link #close} once, when the last exchange that began with the plugin has ended.
 *
 * <p>{@link #init} and {@link #close} are called on the control thread and may block; all else is called on event loops, by several at once.
 */
public interface Plugin extends AutoCloseable {
    /** Which way a plugin works. Core skips the callbacks of the other. */
    enum Type {
        /** On requests. */
        REQUEST,
        /** On responses. */
        RESPONSE,
        /** On both. */
        BOTH,
        /** On exchanges that have ended. */
        ACCESS
    }

    /** Returns the name, unique within a chain. */
    String name();

    /** Returns the version, for people to read. */
    String version();

    /** Returns which way it works. */
    default Type type() {
        return Type.BOTH;
    }

    /** Returns its place in the chain: higher comes first, on the way in; equals stand in the order of their names. 0 by default. */
    default int priority() {
        return 0;
    }

    /**
     * Gets ready.
     *
     * @param config what the configuration says under {@code config}: scalars, lists and maps
     * @throws IllegalArgumentException if the configuration does not do; the message says which value, and what was expected
     */
    default void init(Map<String, Object> config) {}

    /** Returns whether exchanges like this are its business. By default all are. */
    default boolean canHandle(Method method, String path) {
        return true;
    }

    /** Returns the filter for one exchange. A filter without state may be the same for all. */
    Filter filter(FilterExchange exchange);

    /** Lets go of what it holds. */
    @Override
    default void close() {}
}
