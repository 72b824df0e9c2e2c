package io.lb4j.plugins.redis;

import io.lb4j.config.Draft;
import io.lb4j.plugins.limit.LimitBuilder;
import java.time.Duration;

/** Describes how many requests there may be, counted on Redis. */
public final class RedisRateLimitBuilder extends LimitBuilder<RedisRateLimitBuilder> {
    RedisRateLimitBuilder() {
        super(new Draft(RedisOptions.SECTION));
    }

    @Override
    protected RedisRateLimitBuilder self() {
        return this;
    }

    /** Sets where Redis is: {@code redis://10.0.0.5:6379/0}, or {@code rediss} for TLS. Required. */
    public RedisRateLimitBuilder url(String address) {
        return setText(RedisOptions.URL, address, "url");
    }

    /** Logs in with a password. Default: nobody logs in. */
    public RedisRateLimitBuilder password(String password) {
        return set(RedisOptions.PASSWORD, password, "password");
    }

    /** Logs in as a user. Default: the default user, where there is a password. */
    public RedisRateLimitBuilder user(String name) {
        return set(RedisOptions.USER, name, "user");
    }

    /** Sets what keys begin with. Default: {@code lb4j:limit:}. */
    public RedisRateLimitBuilder prefix(String prefix) {
        return set(RedisOptions.PREFIX, prefix, "prefix");
    }

    /** Sets how long counting a request may take. Default: 100 ms. */
    public RedisRateLimitBuilder timeout(Duration time) {
        return set(RedisOptions.TIMEOUT, time, "timeout");
    }

    /** Lets requests through while Redis is away. Default: they are counted in this process. */
    public RedisRateLimitBuilder allowWhenAway() {
        return set(RedisOptions.WHEN_AWAY, RedisOptions.Away.ALLOW, "allowWhenAway");
    }

    /** Refuses requests while Redis is away. Default: they are counted in this process. */
    public RedisRateLimitBuilder refuseWhenAway() {
        return set(RedisOptions.WHEN_AWAY, RedisOptions.Away.REFUSE, "refuseWhenAway");
    }
}
