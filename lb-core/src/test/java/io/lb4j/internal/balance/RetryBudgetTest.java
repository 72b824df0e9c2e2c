package io.lb4j.internal.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.internal.balance.RetryBudget.Allowance;
import io.lb4j.testkit.time.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final FakeClock time = FakeClock.create();

    private RetryBudget budget(double share, int minimumPerSecond) {
        return new RetryBudget(new Allowance(share, minimumPerSecond, WINDOW), time::nanos);
    }

    private static int retriesLeft(RetryBudget budget) {
        int retries = 0;
        while (budget.tryRetry()) {
            retries++;
        }
        return retries;
    }

    @Test
    void allowsTheMinimumWithoutAnyTraffic() {
        assertThat(retriesLeft(budget(0.2, 10))).isEqualTo(100); // 10 a second for 10 seconds
    }

    @Test
    void allowsAShareOfTheRequests() {
        RetryBudget budget = budget(0.2, 0);
        for (int i = 0; i < 1000; i++) {
            budget.onRequest();
        }

        assertThat(budget.balance()).isEqualTo(200);
        assertThat(retriesLeft(budget)).isEqualTo(200);
    }

    @Test
    void allowsNoneWhereThereIsNothingToSpend() {
        assertThat(budget(0.2, 0).tryRetry()).isFalse();
    }

    @Test
    void forgetsRequestsWhenTheirTimeIsOver() {
        RetryBudget budget = budget(0.2, 0);
        for (int i = 0; i < 1000; i++) {
            budget.onRequest();
        }

        time.advance(WINDOW.minusSeconds(1));
        assertThat(budget.balance()).isEqualTo(200);
        time.advance(Duration.ofSeconds(1));
        assertThat(budget.balance()).isZero();
    }

    @Test
    void forgetsRetriesWhenTheirTimeIsOver() {
        RetryBudget budget = budget(0, 10);
        assertThat(retriesLeft(budget)).isEqualTo(100);

        time.advance(WINDOW.minusSeconds(1));
        assertThat(budget.tryRetry()).isFalse();
        time.advance(Duration.ofSeconds(1));

        assertThat(retriesLeft(budget)).isEqualTo(100);
    }

    @Test
    void keepsRetriesToTheirShareWhenEverythingFails() {
        RetryBudget budget = budget(0.2, 10);
        int retries = 0;
        for (int i = 0; i < 600_000; i++) { // 1,000 requests a second for ten minutes
            budget.onRequest();
            retries += budget.tryRetry() ? 1 : 0;
            time.advance(Duration.ofMillis(1));
        }

        assertThat(retries).isBetween(120_000, 126_200); // 20 %, 10 a second, and what the window holds at the end
    }

    @Test
    void holdsWhatDoesNotFit() {
        RetryBudget budget = budget(1000, 0);
        for (int i = 0; i < 5000; i++) {
            budget.onRequest();
        }

        assertThat(budget.balance()).isEqualTo(Integer.MAX_VALUE / 1000);
    }

    @Test
    void isNeverOverdrawnByThreadsThatAskAtOnce() throws Exception {
        RetryBudget budget = budget(0, 1000);
        int threads = 8;
        ExecutorService loops = Executors.newFixedThreadPool(threads);
        int granted = 0;
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(loops.submit(() -> {
                    start.await();
                    int own = 0;
                    for (int n = 0; n < 5000; n++) {
                        own += budget.tryRetry() ? 1 : 0;
                    }
                    return own;
                }));
            }
            for (Future<Integer> loop : running) {
                granted += loop.get(60, TimeUnit.SECONDS);
            }
        } finally {
            loops.shutdownNow();
        }

        assertThat(granted).isEqualTo(10_000);
    }

    @Test
    void namesTheFigureThatIsWrong() {
        assertThatThrownBy(() -> new Allowance(-0.1, 0, WINDOW)).hasMessage("share: -0.1 (expected: 0..1000)");
        assertThatThrownBy(() -> new Allowance(0.2, -1, WINDOW))
                .hasMessage("minimumPerSecond: -1 (expected: 0..100000)");
        assertThatThrownBy(() -> new Allowance(0.2, 0, Duration.ZERO))
                .hasMessage("window: PT0S (expected: PT1S..PT1M)");
    }
}
