package io.lb4j.plugins.head;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code static_response}. */
public final class StaticResponseFactory extends PluginFactory {
    /** Called by the service loader. */
    public StaticResponseFactory() {
        super(StaticResponseOptions.SECTION, StaticResponsePlugin::new);
    }
}
