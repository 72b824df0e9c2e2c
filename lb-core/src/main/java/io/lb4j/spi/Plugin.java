package io.lb4j.spi;

import io.lb4j.http.Method;
import java.util.Map;

/**
 * Something that takes part in exchanges: by a {@link Filter} for each of them. Core calls {@link #init(PluginContext)} once, {@link #filter}
 * for every exchange that {@link #canHandle} lets through, and {@link #close} once, when the last exchange that began with the plugin has
 * ended. A plugin that two configurations in a row have stays as it is.
 *
 * <p>{@code init} and {@link #close} are called on the control thread and may block; all else is called on event loops, by several at once.
 * What a plugin throws on an event loop costs its exchange what {@link io.lb4j.model.PluginUse#ON_FAILURE} says, and nobody else anything.
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
        /**
         * On exchanges that have ended, those too that were refused, or for which no route was found: its filters are made at the end, and
         * hear of {@link Filter#onEnd} only.
         */
        ACCESS
    }

    /** Returns the name: letters, digits, {@code _ . -}. The configuration may give another one. */
    String name();

    /** Returns the version, for people to read. */
    String version();

    /** Returns which way it works. Asked once. */
    default Type type() {
        return Type.BOTH;
    }

    /**
     * Returns its place in the chain: higher comes first, on the way in; equals stand in the order of their names. 0 by default. The
     * configuration may give another one.
     */
    default int priority() {
        return 0;
    }

    /**
     * Gets ready.
     *
     * @param context where the plugin stands, and what it may use; valid until {@link #close} has returned
     * @throws IllegalArgumentException if the configuration does not do; the message says which value, and what was expected
     */
    default void init(PluginContext context) {
        init(context.config());
    }

    /**
     * Gets ready, for a plugin that needs nothing but its configuration.
     *
     * @param config what the configuration says under {@code config}: texts, {@link Long}, {@link Double}, booleans, lists and maps; immutable
     * @throws IllegalArgumentException if the configuration does not do; the message says which value, and what was expected
     */
    default void init(Map<String, Object> config) {}

    /**
     * The configuration that has brought it is in force: from now on {@linkplain PluginContext#clusters() clusters} can be called. Called once after {@link #init}, on the control thread; may not
     * block. Exchanges may have come before.
     */
    default void inForce() {}

    /**
     * Returns whether exchanges like this are its business. By default all are. Asked when the exchange begins, after the paths and methods of
     * the configuration.
     *
     * @param path without the query, as the router has it
     */
    default boolean canHandle(Method method, String path) {
        return true;
    }

    /** Returns the filter for one exchange, when the exchange comes to it. A filter without state may be the same for all. */
    Filter filter(FilterExchange exchange);

    /** Lets go of what it holds. */
    @Override
    default void close() {}
}
