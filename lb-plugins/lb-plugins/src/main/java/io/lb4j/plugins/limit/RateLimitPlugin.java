package io.lb4j.plugins.limit;

import io.lb4j.config.Settings;
import io.lb4j.spi.PluginContext;

/** Counts requests in this process. */
final class RateLimitPlugin extends RateLimit {
    private final Settings settings;

    RateLimitPlugin(Settings settings) {
        super(settings);
        this.settings = settings;
    }

    @Override
    protected Limiter open(PluginContext context) {
        return RateLimitOptions.local(settings);
    }
}
