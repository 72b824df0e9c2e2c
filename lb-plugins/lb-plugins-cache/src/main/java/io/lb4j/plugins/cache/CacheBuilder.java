package io.lb4j.plugins.cache;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.time.Duration;
import java.util.List;

/** Describes a cache. */
public final class CacheBuilder extends PartBuilder<CacheBuilder> {
    CacheBuilder() {
        super(new Draft(CacheOptions.SECTION));
    }

    @Override
    protected CacheBuilder self() {
        return this;
    }

    /** Sets how many octets of memory responses may take up. Default: 64 MiB. */
    public CacheBuilder maxSize(long octets) {
        return set(CacheOptions.MAX_SIZE, octets, "maxSize");
    }

    /** Sets how many octets a body may have that is kept. Default: 1 MiB. */
    public CacheBuilder maxEntry(long octets) {
        return set(CacheOptions.MAX_ENTRY, octets, "maxEntry");
    }

    /** Sets how many responses of one URI are kept that differ by what Vary names. Default: 16. */
    public CacheBuilder maxVariants(int count) {
        return set(CacheOptions.MAX_VARIANTS, count, "maxVariants");
    }

    /**
     * Sets the request fields that change what a URI means, and so are part of the key. Default: {@code X-Forwarded-Host} and others that
     * frameworks are known to believe.
     */
    public CacheBuilder keyFields(String... names) {
        return addTexts(CacheOptions.KEY_FIELDS, List.of(names), "keyFields");
    }

    /** Reads these fields in place of Cache-Control (RFC 9213), the first that is there: {@code cdn-cache-control}. Default: none. */
    public CacheBuilder targeted(String... names) {
        return addTexts(CacheOptions.TARGETED, List.of(names), "targeted");
    }

    /** Sets how long a response may be fresh that only says when it was changed last; not at all by zero. Default: an hour. */
    public CacheBuilder heuristicMax(Duration time) {
        return set(CacheOptions.HEURISTIC_MAX, time, "heuristicMax");
    }

    /** Pays no heed to what requests say of the use of what is kept. Default: they are heeded. */
    public CacheBuilder withoutClientControl() {
        return set(CacheOptions.CLIENT_CONTROL, false, "withoutClientControl");
    }

    /** Does not tell clients in Cache-Status what the cache did. Default: they are told. */
    public CacheBuilder withoutStatusField() {
        return set(CacheOptions.STATUS_FIELD, false, "withoutStatusField");
    }

    /**
     * Sets how long a response that is stale is used while it is brought up to date, where the response itself says nothing of it. Default: not
     * at all.
     */
    public CacheBuilder staleWhileRevalidate(Duration time) {
        return set(CacheOptions.STALE_WHILE_REVALIDATE, time, "staleWhileRevalidate");
    }

    /**
     * Sets how long a request waits for another one, under way, that wants the same; then it goes on itself. Less than the plugin's timeout;
     * zero for not at all. Default: 3 seconds.
     */
    public CacheBuilder collapseWait(Duration time) {
        return set(CacheOptions.COLLAPSE_WAIT, time, "collapseWait");
    }

    /**
     * Sets how long a response that is stale stands in for an endpoint that fails, where the response itself says nothing of it. Default:
     * not at all.
     */
    public CacheBuilder staleIfError(Duration time) {
        return set(CacheOptions.STALE_IF_ERROR, time, "staleIfError");
    }

    /**
     * Lets these clients, {@code 10.0.0.0/8} or {@code ::1}, have the responses of a URI forgotten by the method {@code PURGE}; others are
     * answered with 403. Default: {@code PURGE} is a method like others.
     */
    public CacheBuilder purgeFrom(String... blocks) {
        return addTexts(CacheOptions.PURGE_FROM, List.of(blocks), "purgeFrom");
    }
}
