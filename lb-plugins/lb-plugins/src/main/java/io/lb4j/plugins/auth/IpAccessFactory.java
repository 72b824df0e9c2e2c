package io.lb4j.plugins.auth;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code ip_access}. */
public final class IpAccessFactory extends PluginFactory {
    /** Called by the service loader. */
    public IpAccessFactory() {
        super(IpAccessPlugin.SECTION, IpAccessPlugin::new);
    }
}
