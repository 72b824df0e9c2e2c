package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.RetryOn;
import io.lb4j.model.RetryPolicy;
import java.time.Duration;
import java.util.List;

/** When a request is sent again. */
public final class RetryPolicyBuilder extends SectionBuilder<RetryPolicyBuilder> {
    RetryPolicyBuilder(Draft draft) {
        super(draft);
    }

    @Override
    RetryPolicyBuilder self() {
        return this;
    }

    /** Sets the failures after which a request is sent again. Default: no connection, refused, and reset before the response began. */
    public RetryPolicyBuilder on(RetryOn... failures) {
        return set(RetryPolicy.ON, List.of(failures), "on");
    }

    /** Adds statuses after which an idempotent request is sent again, as {@code 503} or {@code 502-504}. Default: none. */
    public RetryPolicyBuilder statuses(String... statuses) {
        return addTexts(RetryPolicy.STATUSES, List.of(statuses), "statuses");
    }

    /** Sets how many times a request is sent again at the most; 0 for never. Default: 2. */
    public RetryPolicyBuilder count(int count) {
        return set(RetryPolicy.COUNT, count, "count");
    }

    /** Sets the wait before the first retry, doubled for each further one. Default: 25 milliseconds. */
    public RetryPolicyBuilder backoffBase(Duration time) {
        return set(RetryPolicy.BACKOFF_BASE, time, "backoffBase");
    }

    /** Sets the longest wait. Default: 250 milliseconds. */
    public RetryPolicyBuilder backoffMax(Duration time) {
        return set(RetryPolicy.BACKOFF_MAX, time, "backoffMax");
    }

    /** Sets the share of each wait that is random, 0 to 1. Default: 1. */
    public RetryPolicyBuilder jitter(double share) {
        return set(RetryPolicy.JITTER, share, "jitter");
    }

    /** Sets the retries as a share of the requests of the last ten seconds, 0 to 1. Default: 0.2. */
    public RetryPolicyBuilder budget(double share) {
        return set(RetryPolicy.BUDGET, share, "budget");
    }

    /** Sets the retries per second that are allowed beyond the budget. Default: 10. */
    public RetryPolicyBuilder budgetMinPerSecond(int count) {
        return set(RetryPolicy.BUDGET_MIN_PER_SECOND, count, "budgetMinPerSecond");
    }

    /** Sets how many octets of a request's body are kept to be sent again. Default: 64 KiB. */
    public RetryPolicyBuilder maxBody(long octets) {
        return set(RetryPolicy.MAX_BODY, octets, "maxBody");
    }
}
