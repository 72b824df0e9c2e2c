package io.lb4j.plugins.auth;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code basic_auth}. */
public final class BasicAuthFactory extends PluginFactory {
    /** Called by the service loader. */
    public BasicAuthFactory() {
        super(BasicAuthOptions.SECTION, BasicAuthPlugin::new);
    }
}
