package io.lb4j.internal.control;

import io.lb4j.internal.balance.RetryBudget;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The retry budgets of the routes. One that allows what it did goes on as it stands when the configuration changes. Confined to the control thread. */
final class RetryBudgets {
    private final LongSupplier clock;
    private Map<String, Kept> inForce = Map.of();

    private record Kept(RetryBudget.Allowance allowance, RetryBudget budget) {}

    /**
     * Creates budgets for no route yet.
     *
     * @param clock the present in nanoseconds
     */
    RetryBudgets(LongSupplier clock) {
        this.clock = clock;
    }

    /** The budgets of another configuration, which counts only once it is {@linkplain #sequentialCommit in force}. */
    final class Change {
        private final Map<String, Kept> next = new HashMap<>();

        private Change() {}

        /** Returns the budget of a route: that in force if it allows as much, or else a new one. */
        RetryBudget of(String route, RetryBudget.Allowance allowance) {
            return next.computeIfAbsent(route, name -> {
                        Kept kept = inForce.get(name);
                        return kept != null && kept.allowance.equals(allowance)
                                ? kept
                                : new Kept(allowance, new RetryBudget(allowance, clock));
                    })
                    .budget;
        }

        /** Forgets the routes that are not among these. */
        void sequentialCommit() {
            inForce = next;
        }
    }

    /** Begins a change; one that is not put in force leaves everything as it is. */
    Change change() {
        return new Change();
    }
}
