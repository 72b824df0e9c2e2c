package io.lb4j.plugins.limit;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;

/**
 * Describes how many requests there may be, wherever they are counted.
 *
 * @param <B> the subclass
 */
public abstract class LimitBuilder<B extends LimitBuilder<B>> extends PartBuilder<B> {
    /** For subclasses. */
    protected LimitBuilder(Draft draft) {
        super(draft);
    }

    /** Sets how many requests there may be in a minute. Required, or {@link #requestsPerSecond} is. */
    public final B requestsPerMinute(int requests) {
        return set(RateLimitOptions.PER_MINUTE, requests, "requestsPerMinute");
    }

    /** Sets how many requests there may be in a second. Required, or {@link #requestsPerMinute} is. */
    public final B requestsPerSecond(int requests) {
        return set(RateLimitOptions.PER_SECOND, requests, "requestsPerSecond");
    }

    /** Sets how many requests may come at once. Default: as many as in a minute or a second. */
    public final B burstSize(int requests) {
        return set(RateLimitOptions.BURST, requests, "burstSize");
    }

    /** Counts by a window that slides. Default: by a bucket of tokens. */
    public final B slidingWindow() {
        return set(RateLimitOptions.ALGORITHM, RateLimitOptions.Algorithm.SLIDING_WINDOW, "slidingWindow");
    }

    /** Sets what requests are counted by: {@code client}, {@code all}, {@code identity}, {@code header:NAME} or {@code claim:NAME}. Default: client. */
    public final B by(String key) {
        return setText(RateLimitOptions.BY, key, "by");
    }

    /** Sets how many bits of an IPv6 address make a client. Default: 64. */
    public final B ipv6Prefix(int bits) {
        return set(RateLimitOptions.IPV6_PREFIX, bits, "ipv6Prefix");
    }

    /** Sets how many keys are kept in this process. Default: 100,000. */
    public final B maxKeys(int count) {
        return set(RateLimitOptions.MAX_KEYS, count, "maxKeys");
    }

    /** Sets how responses tell of the limit. Default: by {@code RateLimit} and {@code RateLimit-Policy}. */
    public final B fields(RateLimitOptions.Fields fields) {
        return set(RateLimitOptions.FIELDS, fields, "fields");
    }
}
