package io.lb4j.plugins.wasm;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a module is about to be run with, for its source to judge. Immutable.
 *
 * @param abi what it is made for: {@code proxy-wasm} or {@code http-wasm}
 * @param imports names of the functions that it asks for
 * @param capabilities names of functions that it may call, and of callbacks that it hears; all if there is no set
 * @param config what it is told, as it stands; empty for nothing
 * @param maxMemory octets of memory for each instance
 * @param callTime of the processor, for one call
 */
public record ModuleUse(
        String abi,
        Set<String> imports,
        Optional<Set<String>> capabilities,
        String config,
        long maxMemory,
        Duration callTime) {
    /** Copies the sets. */
    public ModuleUse {
        imports = Set.copyOf(imports);
        capabilities = capabilities.map(Set::copyOf);
    }

    /** Keeps the configuration, which may hold secrets, out of logs. */
    @Override
    public String toString() {
        return "ModuleUse[" + abi + ", " + imports + "]";
    }
}
