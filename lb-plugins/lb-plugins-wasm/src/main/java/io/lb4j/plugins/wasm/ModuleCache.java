package io.lb4j.plugins.wasm;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.EngineLimits;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiled modules by the digest of what they were compiled from, so that plugins with the same module share its code. A module that nobody uses is forgotten. Thread-safe. */
final class ModuleCache {
    private static final Map<String, WeakReference<CompiledModule>> MODULES = new HashMap<>(); // guarded by the class

    private ModuleCache() {}

    static CompiledModule compiled(String digest, byte[] octets, EngineLimits limits) throws UnfitModuleException {
        CompiledModule known = find(digest);
        if (known != null) {
            known.requireFit(octets.length, limits);
            return known;
        }
        CompiledModule made = CompiledModule.compile(octets, limits);
        synchronized (ModuleCache.class) {
            MODULES.values().removeIf(reference -> reference.get() == null);
            MODULES.put(digest, new WeakReference<>(made));
        }
        return made;
    }

    private static synchronized @Nullable CompiledModule find(String digest) {
        WeakReference<CompiledModule> reference = MODULES.get(digest);
        return reference == null ? null : reference.get();
    }
}
