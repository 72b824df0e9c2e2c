package io.lb4j.plugins.compression;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code decompression}. */
public final class DecompressionFactory extends PluginFactory {
    /** Called by the service loader. */
    public DecompressionFactory() {
        super(DecompressionOptions.SECTION, DecompressionPlugin::new);
    }
}
