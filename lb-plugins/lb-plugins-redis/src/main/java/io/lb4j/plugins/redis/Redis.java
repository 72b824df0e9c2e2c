package io.lb4j.plugins.redis;

import io.lb4j.config.Part;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.function.Consumer;

/** What plugins do on Redis. */
public final class Redis {
    private Redis() {}

    /**
     * Limits how many requests there may be, for all balancers that share a Redis.
     *
     * @throws io.lb4j.config.ConfigurationException with all that is wrong with the description
     */
    public static Part rateLimit(Consumer<? super RedisRateLimitBuilder> description) {
        return PartBuilder.part(new RedisRateLimitFactory(), new RedisRateLimitBuilder(), description);
    }
}
