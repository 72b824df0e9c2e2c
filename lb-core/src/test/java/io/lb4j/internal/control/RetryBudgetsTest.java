package io.lb4j.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.internal.balance.RetryBudget;
import io.lb4j.internal.balance.RetryBudget.Allowance;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which budgets routes have from one configuration to the next. */
final class RetryBudgetsTest {
    private static final Allowance USUAL = Allowance.DEFAULT;
    private static final Allowance OTHER = new Allowance(0.5, 1, Duration.ofSeconds(10));

    private final RetryBudgets budgets = new RetryBudgets(() -> 0);

    private RetryBudget inForce(String route, Allowance allowance) {
        RetryBudgets.Change change = budgets.change();
        RetryBudget budget = change.of(route, allowance);
        change.sequentialCommit();
        return budget;
    }

    @Test
    void oneThatAllowsAsMuchGoesOn() {
        RetryBudget first = inForce("api", USUAL);
        assertThat(inForce("api", USUAL)).isSameAs(first);
        assertThat(inForce("api", OTHER)).isNotSameAs(first);
    }

    @Test
    void aConfigurationThatFailsLeavesEachAsItIs() {
        RetryBudget first = inForce("api", USUAL);
        budgets.change().of("api", OTHER);
        budgets.change();
        assertThat(inForce("api", USUAL)).isSameAs(first);
    }

    @Test
    void thatOfARouteThatIsGoneIsForgotten() {
        RetryBudget first = inForce("api", USUAL);
        inForce("web", USUAL);
        assertThat(inForce("api", USUAL)).isNotSameAs(first);
    }

    @Test
    void twoTablesOfOneConfigurationShareThem() {
        RetryBudgets.Change change = budgets.change();
        assertThat(change.of("api", USUAL)).isSameAs(change.of("api", USUAL));
    }
}
