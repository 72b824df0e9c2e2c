package io.lb4j.internal.balance;

import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.spi.BalancePolicy;

/**
 * How one cluster is balanced. Immutable.
 *
 * @param policy the policy; {@code least_request_p2c} by default
 * @param panicThreshold the share of healthy endpoints, 0 to 1, below which health is ignored, because the few that are left would be
 *     overrun, or the checks themselves are at fault; 0.5 by default, 0 for never
 * @param usesUnchecked whether an endpoint is used before its first active check; true by default; false
 *     only for a cluster that has such checks, for the others would never be used
 * @param tuning how endpoints are measured and warm up
 */
public record Balancing(BalancePolicy policy, double panicThreshold, boolean usesUnchecked, Tuning tuning) {
    /** What holds unless configured otherwise. */
    public static final Balancing DEFAULT = of(BalancePolicies.leastRequestP2c());

    /**
     * Checks what it is given.
     *
     * @throws IllegalArgumentException if the threshold is out of range
     */
    public Balancing {
        if (!(panicThreshold >= 0) || panicThreshold > 1) {
            throw new IllegalArgumentException("panicThreshold: " + panicThreshold + " (expected: 0..1)");
        }
    }

    /** Returns the defaults with another policy. */
    public static Balancing of(BalancePolicy policy) {
        return new Balancing(policy, 0.5, true, Tuning.DEFAULT);
    }
}
