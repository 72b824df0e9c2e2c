package io.lb4j.plugins.log;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code access_log}. */
public final class AccessLogFactory extends PluginFactory {
    /** Called by the service loader. */
    public AccessLogFactory() {
        super(AccessLogOptions.SECTION, AccessLogPlugin::new);
    }
}
