package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.EngineLimits;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a guest is told, and what it may do. Immutable.
 *
 * @param name the plugin's name as guests see it
 * @param rootId which of a module's plugins is meant
 * @param vmId whose shared data and queues it has in common with others
 * @param config what {@code proxy_on_configure} may read
 * @param vmConfig what {@code proxy_on_vm_start} may read
 * @param environment variables of WASI
 * @param capabilities names of functions that the guest may call; all if there is no set
 * @param clusters clusters that it may call; all if there is no set
 * @param limits what it may use
 */
record GuestSettings(
        String name,
        String rootId,
        String vmId,
        Octets config,
        Octets vmConfig,
        Map<String, String> environment,
        Optional<Set<String>> capabilities,
        Optional<Set<String>> clusters,
        EngineLimits limits) {
    boolean mayCall(String function) {
        return capabilities.map(names -> names.contains(function)).orElse(true);
    }

    boolean mayCallCluster(String cluster) {
        return clusters.map(names -> names.contains(cluster)).orElse(true);
    }
}
