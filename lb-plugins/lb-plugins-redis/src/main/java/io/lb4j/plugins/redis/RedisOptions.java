package io.lb4j.plugins.redis;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.model.ModelTypes;
import io.lb4j.plugins.limit.RateLimitOptions;
import java.net.URI;
import java.time.Duration;

/** What can be configured of limits on Redis. */
final class RedisOptions {
    private static final String ADDRESS =
            "an address such as redis://10.0.0.5:6379/0 or rediss://redis.internal:6380, without a password";

    /** What becomes of requests that Redis cannot count. */
    enum Away {
        /** They are counted in this process. */
        LOCAL,
        /** They are let through. */
        ALLOW,
        /** They are refused. */
        REFUSE
    }

    static final Option<URI> URL = Option.of(
                    "url",
                    OptionTypes.text(URI.class, ADDRESS, RedisOptions::requireAddress, URI::toString),
                    "The Redis; rediss is TLS.")
            .required()
            .build();

    static final Option<String> USER = Option.of("user", OptionTypes.string("a name"), "Who logs in.")
            .absentMeans("the default user, where there is a password")
            .build();

    static final Option<String> PASSWORD = Option.of(
                    "password", OptionTypes.string("a password"), "The user's password.")
            .secret()
            .absentMeans("nobody logs in")
            .build();

    static final Option<String> PREFIX = Option.of(
                    "prefix", OptionTypes.string("a prefix"), "What keys begin with; the plugin's place follows.")
            .defaultsTo("lb4j:limit:")
            .build();

    static final Option<Duration> TIMEOUT = Option.of(
                    "timeout", ModelTypes.time(), "How long counting a request may take; then Redis is away for it.")
            .defaultsTo(Duration.ofMillis(100))
            .build();

    static final Option<Away> WHEN_AWAY = Option.of(
                    "when_away",
                    OptionTypes.oneOf(Away.class),
                    "What becomes of requests while Redis is away: local, allow or refuse.")
            .defaultsTo(Away.LOCAL)
            .build();

    static final Section SECTION = RateLimitOptions.section(
            "redis_rate_limit",
            "How many requests there may be, counted on Redis for a fleet.",
            URL,
            USER,
            PASSWORD,
            PREFIX,
            TIMEOUT,
            WHEN_AWAY);

    private RedisOptions() {}

    private static URI requireAddress(String text) {
        try {
            URI uri = URI.create(text);
            boolean isRedis = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
            if (isRedis && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(ADDRESS, e);
        }
        throw new IllegalArgumentException(ADDRESS);
    }
}
