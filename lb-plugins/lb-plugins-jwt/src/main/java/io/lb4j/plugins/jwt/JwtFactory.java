package io.lb4j.plugins.jwt;

import io.lb4j.config.Inspection;
import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code jwt}. */
public final class JwtFactory extends PluginFactory {
    /** Called by the service loader. */
    public JwtFactory() {
        // No reference to the constructor: it would load the library as soon as somebody looks at what is installed.
        super(JwtOptions.SECTION, settings -> new JwtPlugin(settings));
    }

    @Override
    public void inspect(Settings settings, Inspection inspection) {
        inspection.file(settings, JwtOptions.JWKS_FILE, "a set of keys in JSON", file -> KeySource.parse(file));
    }
}
