package io.lb4j.plugins.limit;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;
import java.util.Optional;

/** What can be configured of limits of rate. */
public final class RateLimitOptions {
    /** How requests are counted. */
    public enum Algorithm {
        /** A bucket of tokens that fills evenly. */
        TOKEN_BUCKET,
        /** A window that slides. */
        SLIDING_WINDOW
    }

    /** How responses tell of the limit. */
    public enum Fields {
        /** {@code RateLimit} and {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-10). */
        STRUCTURED,
        /** {@code RateLimit-Limit}, {@code -Remaining} and {@code -Reset}, as drafts before had it. */
        SEPARATE,
        /** Not at all. */
        NONE
    }

    private static final int MOST = 1_000_000;

    static final Option<Integer> PER_MINUTE = Option.of(
                    "requests_per_minute", OptionTypes.integer(1, MOST), "Requests in a minute, for each key.")
            .absentMeans("requests_per_second says it")
            .build();

    static final Option<Integer> PER_SECOND = Option.of(
                    "requests_per_second", OptionTypes.integer(1, MOST), "Requests in a second, for each key.")
            .absentMeans("requests_per_minute says it")
            .build();

    static final Option<Integer> BURST = Option.of(
                    "burst_size", OptionTypes.integer(1, MOST), "Requests that may come at once; for a bucket only.")
            .absentMeans("as many as in a minute or a second")
            .build();

    static final Option<Algorithm> ALGORITHM = Option.of(
                    "algorithm",
                    OptionTypes.oneOf(Algorithm.class),
                    "How requests are counted: token_bucket, or sliding_window.")
            .defaultsTo(Algorithm.TOKEN_BUCKET)
            .build();

    static final Option<LimitKey> BY = Option.of(
                    "by",
                    OptionTypes.text(LimitKey.class, LimitKey.EXPECTED, LimitKey::of, LimitKey::toString),
                    "What requests are counted by: client, all, identity, header:NAME or claim:NAME.")
            .defaultsTo(new LimitKey(LimitKey.Kind.CLIENT, ""))
            .build();

    static final Option<Integer> IPV6_PREFIX = Option.of(
                    "ipv6_prefix", OptionTypes.integer(16, 128), "Bits of an IPv6 address that make a client.")
            .defaultsTo(64)
            .build();

    static final Option<Integer> MAX_KEYS = Option.of(
                    "max_keys",
                    OptionTypes.integer(16, 10_000_000),
                    "Keys that are kept; beyond, one that would have been forgotten soon is.")
            .defaultsTo(100_000)
            .build();

    static final Option<Fields> FIELDS = Option.of(
                    "fields",
                    OptionTypes.oneOf(Fields.class),
                    "How responses tell of the limit: structured, separate or none.")
            .defaultsTo(Fields.STRUCTURED)
            .build();

    static final Section SECTION = section("rate_limit", "How many requests there may be.");

    private RateLimitOptions() {}

    /** Returns a section that has these options, and others. */
    public static Section section(String name, String doc, Option<?>... more) {
        return Section.of(name, doc)
                .options(PER_MINUTE, PER_SECOND, BURST, ALGORITHM, BY, IPV6_PREFIX, MAX_KEYS, FIELDS)
                .options(more)
                .exactlyOneOf(PER_MINUTE, PER_SECOND)
                .rule(RateLimitOptions::requireBucket)
                .build();
    }

    private static void requireBucket(Settings settings, Scope scope) {
        boolean slides = settings.find(ALGORITHM).orElse(Algorithm.TOKEN_BUCKET) == Algorithm.SLIDING_WINDOW;
        if (slides && settings.isSet(BURST)) {
            String expected = "none with sliding_window";
            scope.at(BURST.name()).report(Fault.Code.CONFLICT, "a burst", expected, settings.origin(BURST));
        }
    }

    /** Returns how many requests settings allow. */
    public static Quota quota(Settings settings) {
        Optional<Integer> perMinute = settings.find(PER_MINUTE);
        int requests = perMinute.orElseGet(() -> settings.value(PER_SECOND));
        Duration window = perMinute.isPresent() ? Duration.ofMinutes(1) : Duration.ofSeconds(1);
        return new Quota(requests, window, settings.find(BURST).orElse(requests));
    }

    /** Returns whether settings ask for a window that slides. */
    public static boolean slides(Settings settings) {
        return settings.value(ALGORITHM) == Algorithm.SLIDING_WINDOW;
    }

    /** Returns a limiter that counts in this process. */
    public static LocalLimiter local(Settings settings) {
        return LocalLimiter.of(quota(settings), slides(settings), settings.value(MAX_KEYS));
    }
}
