package io.lb4j.plugins.cache;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code cache}. */
public final class CacheFactory extends PluginFactory {
    /** Called by the service loader. */
    public CacheFactory() {
        // No reference to the constructor: it would load the library as soon as somebody looks at what is installed.
        super(CacheOptions.SECTION, settings -> new HttpCache(settings, CacheTime.system()));
    }
}
