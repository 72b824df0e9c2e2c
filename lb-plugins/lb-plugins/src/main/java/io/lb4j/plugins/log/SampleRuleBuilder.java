package io.lb4j.plugins.log;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.time.Duration;
import java.util.List;

/** Describes which share of some exchanges is logged. */
public final class SampleRuleBuilder extends PartBuilder<SampleRuleBuilder> {
    SampleRuleBuilder(Draft draft) {
        super(draft);
    }

    @Override
    protected SampleRuleBuilder self() {
        return this;
    }

    /** Sets the statuses that it is for, {@code 404} or {@code 200-299}. Default: all. */
    public SampleRuleBuilder status(String... statuses) {
        return addTexts(SampleRule.STATUS, List.of(statuses), "status");
    }

    /** Sets the paths that it is for. Default: all. */
    public SampleRuleBuilder paths(String... globs) {
        return addTexts(SampleRule.PATHS, List.of(globs), "paths");
    }

    /** Sets the methods that it is for. Default: all. */
    public SampleRuleBuilder methods(String... methods) {
        return addTexts(SampleRule.METHODS, List.of(methods), "methods");
    }

    /** Sets that it is for exchanges that took longer. Default: for all. */
    public SampleRuleBuilder slowerThan(Duration time) {
        return set(SampleRule.SLOWER_THAN, time, "slowerThan");
    }

    /** Sets the share that is logged, from 0 to 1. Required. */
    public SampleRuleBuilder share(double share) {
        return set(SampleRule.SHARE, share, "share");
    }
}
