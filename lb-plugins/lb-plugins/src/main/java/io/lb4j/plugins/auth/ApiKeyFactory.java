package io.lb4j.plugins.auth;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code api_key}. */
public final class ApiKeyFactory extends PluginFactory {
    /** Called by the service loader. */
    public ApiKeyFactory() {
        super(ApiKeyOptions.SECTION, ApiKeyPlugin::new);
    }
}
