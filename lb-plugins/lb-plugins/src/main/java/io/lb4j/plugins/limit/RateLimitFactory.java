package io.lb4j.plugins.limit;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code rate_limit}. */
public final class RateLimitFactory extends PluginFactory {
    /** Called by the service loader. */
    public RateLimitFactory() {
        super(RateLimitOptions.SECTION, RateLimitPlugin::new);
    }
}
