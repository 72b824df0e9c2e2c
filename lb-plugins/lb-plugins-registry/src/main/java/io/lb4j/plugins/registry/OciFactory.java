package io.lb4j.plugins.registry;

import io.lb4j.config.Inspection;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.plugins.registry.sign.TrustedKey;
import io.lb4j.plugins.wasm.ModuleSource;
import java.util.Map;

/** Makes the source of modules that a configuration calls {@code oci}. Thread-safe. */
public final class OciFactory implements PartFactory<ModuleSource> {
    /** Called by the service loader. */
    public OciFactory() {}

    @Override
    public String kind() {
        return ModuleSource.PART_KIND;
    }

    @Override
    public String name() {
        return OciOptions.SECTION.name();
    }

    @Override
    public Section section() {
        return OciOptions.SECTION;
    }

    @Override
    public ModuleSource create(Settings settings) {
        return new OciSource(settings, System::nanoTime);
    }

    @Override
    public void inspect(Settings settings, Inspection inspection) {
        Inspection keys = inspection.at(OciOptions.KEYS.name());
        settings.find(OciOptions.KEYS)
                .orElse(Map.of())
                .forEach((name, key) -> keys.at(name)
                        .file(
                                key,
                                "a public key in PEM",
                                settings.origin(OciOptions.KEYS),
                                file -> TrustedKey.read(name, file)));
    }
}
