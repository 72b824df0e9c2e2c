package io.lb4j.plugins.head;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code headers}. */
public final class HeadersFactory extends PluginFactory {
    /** Called by the service loader. */
    public HeadersFactory() {
        super(HeadersPlugin.SECTION, HeadersPlugin::new);
    }
}
