package io.lb4j.plugins.compression;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code compression}. */
public final class CompressionFactory extends PluginFactory {
    /** Called by the service loader. */
    public CompressionFactory() {
        super(CompressionOptions.SECTION, CompressionPlugin::new);
    }
}
