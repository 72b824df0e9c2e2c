package io.lb4j.plugins.limit;

import io.lb4j.config.Draft;

/** Describes how many requests there may be. */
public final class RateLimitBuilder extends LimitBuilder<RateLimitBuilder> {
    /** Begins with the defaults. */
    public RateLimitBuilder() {
        super(new Draft(RateLimitOptions.SECTION));
    }

    @Override
    protected RateLimitBuilder self() {
        return this;
    }
}
