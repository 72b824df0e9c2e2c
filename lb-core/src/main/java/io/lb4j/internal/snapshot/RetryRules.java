package io.lb4j.internal.snapshot;

import io.lb4j.error.Kind;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * When a failed try is made again. Immutable, but for the budget.
 *
 * @param retries how many times at most
 * @param kinds after which failures
 * @param statuses after which statuses of an endpoint's response
 * @param backOff how long to wait
 * @param budget how many retries the route's traffic allows
 * @param keptBytes how much of a request's body is kept for sending it again; a longer one makes the request not repeatable
 */
public record RetryRules(
        int retries, Set<Kind> kinds, IntPredicate statuses, BackOff backOff, RetryAllowance budget, int keptBytes) {
    /** Copies what it is given. */
    public RetryRules {
        kinds = Set.copyOf(kinds);
    }

    /**
     * How long to wait before a retry: base × 2^n, capped, less a random share. A request that was provably not processed is sent again
     * at once.
     *
     * @param baseNanos before the first retry
     * @param maxNanos the cap
     * @param jitter the share of it, 0 to 1, that chance may take away; 1 is "full jitter"
     */
    public record BackOff(long baseNanos, long maxNanos, double jitter) {}
}
