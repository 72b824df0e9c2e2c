package io.lb4j.internal.control;

import io.lb4j.model.Listener;
import io.lb4j.model.Route;
import java.util.Optional;

/**
 * Where plugins are declared. Immutable.
 *
 * @param listener the listener, where it is one's own
 * @param route the route, where it is one's own
 */
record PluginScope(Optional<String> listener, Optional<String> route) {
    static final PluginScope GLOBAL = new PluginScope(Optional.empty(), Optional.empty());

    static PluginScope of(Listener listener) {
        return new PluginScope(Optional.of(listener.name()), Optional.empty());
    }

    static PluginScope of(Route route) {
        return new PluginScope(Optional.empty(), Optional.of(route.name()));
    }

    /** Returns the path of a plugin in the tree of the configuration. */
    String place(String plugin) {
        String above = listener.map(name -> "listeners." + name + ".")
                .or(() -> route.map(name -> "routes." + name + "."))
                .orElse("");
        return above + "plugins." + plugin;
    }
}
