package io.lb4j.plugins.redis;

import io.lb4j.plugins.kit.PluginFactory;

/** Makes the plugin that a configuration calls {@code redis_rate_limit}. */
public final class RedisRateLimitFactory extends PluginFactory {
    /** Called by the service loader. */
    public RedisRateLimitFactory() {
        // No reference to the constructor: it would load the library as soon as somebody looks at what is installed.
        super(RedisOptions.SECTION, settings -> new RedisRateLimit(settings));
    }
}
