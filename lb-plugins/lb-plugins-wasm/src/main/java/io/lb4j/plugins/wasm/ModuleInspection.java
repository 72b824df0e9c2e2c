package io.lb4j.plugins.wasm;

import io.lb4j.config.Inspection;
import io.lb4j.config.Settings;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import java.io.IOException;
import java.nio.file.Path;

/** Looks whether a plugin's module can be loaded, where there is no balancer that could run it. What the guest itself says of its configuration is known at its start only. */
final class ModuleInspection {
    private ModuleInspection() {}

    static void of(Settings settings, Inspection inspection) {
        inspection.file(settings, WasmOptions.PATH, "a module of WebAssembly", file -> load(file, settings));
        if (settings.isSet(WasmOptions.URL)) {
            inspection.at(WasmOptions.URL.name()).leave();
        }
        Inspection source = inspection.at(WasmOptions.SOURCE.name());
        settings.find(WasmOptions.SOURCE).ifPresent(part -> {
            part.inspect(source);
            source.leave();
        });
    }

    private static void load(Path file, Settings settings) throws IOException, UnfitModuleException {
        byte[] octets = new FileSource(file)
                .fetch(settings.value(WasmOptions.MAX_MODULE))
                .orElseThrow(() -> new IOException("nothing"));
        LoadedModule.of(octets, settings);
    }
}
