package io.lb4j.internal.filter;

import io.lb4j.http.Method;
import io.lb4j.model.PathGlob;
import java.util.List;
import java.util.Set;

/**
 * A plugin's place in a chain. Immutable.
 *
 * @param instance the plugin
 * @param name as configured: the second criterion of the order
 * @param priority the first
 * @param paths that it works on; none named: all
 * @param methods that it works on; none named: all
 * @param conduct what becomes of an exchange that it fails
 */
public record ChainEntry(
        PluginInstance instance,
        String name,
        int priority,
        List<PathGlob> paths,
        Set<Method> methods,
        Conduct conduct) {
    /**
     * What becomes of an exchange that a plugin fails.
     *
     * @param failsOpen whether it goes on
     * @param timeoutNanos how long a pause may last
     * @param bufferLimit octets that may be gathered of a body
     */
    public record Conduct(boolean failsOpen, long timeoutNanos, long bufferLimit) {}

    /** Copies what it is given. */
    public ChainEntry {
        paths = List.copyOf(paths);
        methods = Set.copyOf(methods);
    }

    /** Returns whether it is to work on such exchanges, as far as the configuration says. */
    boolean covers(Method method, String path) {
        if (!methods.isEmpty() && !methods.contains(method)) {
            return false;
        }
        if (paths.isEmpty()) {
            return true;
        }
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i).matches(path)) {
                return true;
            }
        }
        return false;
    }
}
