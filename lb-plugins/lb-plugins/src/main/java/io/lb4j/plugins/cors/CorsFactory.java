package io.lb4j.plugins.cors;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code cors}. */
public final class CorsFactory extends PluginFactory {
    /** Called by the service loader. */
    public CorsFactory() {
        super(CorsOptions.SECTION, CorsPlugin::new);
    }
}
