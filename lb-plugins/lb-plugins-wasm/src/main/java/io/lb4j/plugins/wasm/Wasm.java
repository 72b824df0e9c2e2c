package io.lb4j.plugins.wasm;

import io.lb4j.config.Part;
import io.lb4j.plugins.kit.PartBuilder;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Plugins that were compiled to WebAssembly. */
public final class Wasm {
    private Wasm() {}

    /**
     * Runs a plugin that was compiled for proxy-wasm.
     *
     * @throws io.lb4j.config.ConfigurationException with all that is wrong with the description
     */
    public static Part plugin(Consumer<? super WasmBuilder> description) {
        return PartBuilder.part(new WasmFactory(), new WasmBuilder(), description);
    }

    /** Runs a plugin in a file, with nothing to tell it. */
    public static Part plugin(Path file) {
        return plugin(wasm -> wasm.path(file));
    }
}
