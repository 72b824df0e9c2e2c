package io.lb4j.plugins.wasm;

import io.lb4j.config.Inspection;
import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code wasm}. */
public final class WasmFactory extends PluginFactory {
    /** Called by the service loader. */
    public WasmFactory() {
        // No reference to the constructor: it would load the engine as soon as somebody looks at what is installed.
        super(WasmOptions.SECTION, settings -> new WasmPlugin(settings));
    }

    @Override
    public void inspect(Settings settings, Inspection inspection) {
        ModuleInspection.of(settings, inspection);
    }
}
