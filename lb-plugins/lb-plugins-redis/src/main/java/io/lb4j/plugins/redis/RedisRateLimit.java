package io.lb4j.plugins.redis;

import io.lb4j.config.Settings;
import io.lb4j.plugins.limit.Limiter;
import io.lb4j.plugins.limit.RateLimit;
import io.lb4j.spi.PluginContext;

/** Counts requests on Redis. */
final class RedisRateLimit extends RateLimit {
    private final Settings settings;

    RedisRateLimit(Settings settings) {
        super(settings);
        this.settings = settings;
    }

    @Override
    protected Limiter open(PluginContext context) {
        return RedisLimiter.open(settings, context);
    }
}
