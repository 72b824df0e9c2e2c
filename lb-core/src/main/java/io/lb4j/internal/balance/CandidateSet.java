package io.lb4j.internal.balance;

import io.lb4j.exchange.Exchange;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.TriedEndpoints;
import io.lb4j.spi.BalancePolicy;
import io.lb4j.spi.Candidate;
import java.util.List;

/** Endpoints that are used, at least one, with the picker that a policy made over them. Immutable. */
final class CandidateSet {
    /** How often the policy is asked for an endpoint that was not tried yet before the next one is taken instead. */
    private static final int MAX_DRAWS = 4;

    private final List<EndpointState> usable;
    private final EndpointState[] states; // the same, for those who pick
    private final double[] weights;
    private final BalancePolicy policy;
    private final BalancePolicy.Picker picker;

    CandidateSet(List<EndpointState> usable, BalancePolicy policy) {
        this.usable = List.copyOf(usable);
        states = usable.toArray(EndpointState[]::new);
        weights = new double[states.length];
        for (int i = 0; i < states.length; i++) {
            weights[i] = states[i].weight();
        }
        this.policy = policy;
        picker = policy.picker(List.<Candidate>copyOf(this.usable));
    }

    /** Returns whether a new set would be the same: then this one goes on, and its picker does not lose its place. */
    boolean isStillRightFor(List<EndpointState> wanted, BalancePolicy wantedPolicy) {
        if (!policy.equals(wantedPolicy) || !usable.equals(wanted)) {
            return false;
        }
        for (int i = 0; i < states.length; i++) {
            if (weights[i] != states[i].weight()) {
                return false;
            }
        }
        return true;
    }

    List<EndpointState> states() {
        return usable;
    }

    EndpointState pick(Exchange exchange) {
        return states[draw(exchange)];
    }

    /** Picks an endpoint that was not tried, or any where all were. */
    EndpointState pickUntried(Exchange exchange, TriedEndpoints tried) {
        int index = draw(exchange);
        for (int draws = 1; draws < MAX_DRAWS && tried.contains(states[index]); draws++) {
            index = draw(exchange);
        }
        for (int i = 0; i < states.length; i++) {
            EndpointState next = states[(index + i) % states.length];
            if (!tried.contains(next)) {
                return next;
            }
        }
        return states[index];
    }

    private int draw(Exchange exchange) {
        int index = picker.pick(exchange);
        if (index < 0 || index >= states.length) {
            throw new IllegalStateException(
                    "pick of policy " + policy.name() + ": " + index + " (expected: 0.." + (states.length - 1) + ")");
        }
        return index;
    }
}
