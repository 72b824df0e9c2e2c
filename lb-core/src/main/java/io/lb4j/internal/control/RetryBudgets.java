package io.lb4j.internal.control;

import io.lb4j.internal.balance.RetryBudget;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** The retry budgets of the routes. One that allows what it did goes on as it stands when the configuration changes. Confined to the control thread. */
final class RetryBudgets {
    private final LongSupplier clock;
    private final Map<String, Kept> byRoute = new HashMap<>();

    private record Kept(RetryBudget.Allowance allowance, RetryBudget budget) {}

    /**
     * Creates budgets for no route yet.
     *
     * @param clock the present in nanoseconds
     */
    RetryBudgets(LongSupplier clock) {
        this.clock = clock;
    }

    /** Returns the budget of a route. */
    RetryBudget of(String route, RetryBudget.Allowance allowance) {
        Kept kept = byRoute.get(route);
        if (kept == null || !kept.allowance.equals(allowance)) {
            kept = new Kept(allowance, new RetryBudget(allowance, clock));
            byRoute.put(route, kept);
        }
        return kept.budget;
    }

    /** Forgets the routes that are not among these. */
    void keepOnly(Set<String> routes) {
        byRoute.keySet().retainAll(routes);
    }
}
