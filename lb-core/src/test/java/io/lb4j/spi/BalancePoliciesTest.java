package io.lb4j.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.exchange.UnreadExchange;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BalancePoliciesTest {
    private final SplittableRandom random = new SplittableRandom(7);

    private static FakeCandidate candidate() {
        return new FakeCandidate(100);
    }

    private BalancePolicy.Picker peakEwma(Candidate... candidates) {
        return BalancePolicies.peakEwma(List.of(candidates), () -> 0, random::nextLong);
    }

    @Test
    void areFoundByTheirNames() {
        assertThat(BalancePolicies.byName())
                .containsEntry("round_robin", BalancePolicies.roundRobin())
                .containsEntry("weighted_round_robin", BalancePolicies.weightedRoundRobin())
                .containsEntry("random", BalancePolicies.random())
                .containsEntry("least_request", BalancePolicies.leastRequest())
                .containsEntry("least_request_p2c", BalancePolicies.leastRequestP2c())
                .containsEntry("peak_ewma", BalancePolicies.peakEwma())
                .hasSize(6);
    }

    @Test
    void pickTheOnlyOne() {
        for (BalancePolicy policy : BalancePolicies.byName().values()) {
            BalancePolicy.Picker picker = policy.picker(FakeCandidate.weighing(100));
            assertThat(PickCounter.count(picker, 1, 10)).as(policy.name()).containsExactly(10);
        }
    }

    @Test
    void pickEachSooner() {
        for (BalancePolicy policy : BalancePolicies.byName().values()) {
            BalancePolicy.Picker picker = policy.picker(FakeCandidate.weighing(100, 50, 100));
            assertThat(PickCounter.count(picker, 3, 1000)).as(policy.name()).doesNotContain(0);
        }
    }

    @Test
    void doNotBeginWithTheSameEachTime() {
        int[] first = new int[4];
        for (int i = 0; i < 1000; i++) {
            BalancePolicy.Picker picker = BalancePolicies.roundRobin().picker(FakeCandidate.weighing(1, 1, 1, 1));
            first[picker.pick(UnreadExchange.INSTANCE)]++;
        }

        assertThat(first).doesNotContain(0);
    }

    @Test
    void roundRobinIgnoresWeights() {
        BalancePolicy.Picker picker = BalancePolicies.roundRobin().picker(FakeCandidate.weighing(100, 1));

        assertThat(PickCounter.count(picker, 2, 1000)).containsExactly(500, 500);
    }

    @Test
    void leastRequestPicksTheLeastLoadedOfAll() {
        List<Candidate> candidates = List.of(
                candidate().inFlight(3),
                candidate().inFlight(2),
                candidate().inFlight(1),
                candidate().inFlight(4));

        assertThat(PickCounter.count(new LeastRequestPicker(candidates, random::nextLong), 4, 100))
                .containsExactly(0, 0, 100, 0);
    }

    @Test
    void leastRequestSharesAmongTheIdleByWeight() {
        List<Candidate> candidates =
                List.of(new FakeCandidate(100).inFlight(1), new FakeCandidate(300), new FakeCandidate(100));

        int[] counts = PickCounter.count(new LeastRequestPicker(candidates, random::nextLong), 3, 5000);

        assertThat(counts[0]).isZero();
        assertThat(counts[1]).isGreaterThan(counts[2]);
    }

    @Test
    void leastRequestCountsRequestsInRelationToWeights() {
        List<Candidate> candidates = List.of(new FakeCandidate(100).inFlight(2), new FakeCandidate(400).inFlight(6));

        assertThat(PickCounter.count(new LeastRequestPicker(candidates, random::nextLong), 2, 100))
                .containsExactly(0, 100);
    }

    @Test
    void twoChoicesNeverPickTheMostLoadedOfEqualWeights() {
        List<Candidate> candidates =
                List.of(candidate().inFlight(9), candidate(), candidate().inFlight(5));

        int[] counts = PickCounter.count(BalancePolicies.leastRequestP2c(candidates, random::nextLong), 3, 3000);

        assertThat(counts[0]).isZero();
        assertThat(counts[1]).isBetween(1900, 2100); // whenever it is drawn: 2 of 3
        assertThat(counts[2]).isBetween(900, 1100);
    }

    @Test
    void peakEwmaMultipliesTimeByLoad() {
        BalancePolicy.Picker picker = peakEwma(
                candidate().latencyMillis(10).inFlight(2),
                candidate().latencyMillis(25).inFlight(0));

        assertThat(PickCounter.count(picker, 2, 100)).containsExactly(0, 100);
    }

    @Test
    void peakEwmaFindsOutAboutAnEndpointByOneRequest() {
        assertThat(PickCounter.count(peakEwma(candidate().latencyMillis(10), candidate()), 2, 100))
                .containsExactly(0, 100);
        assertThat(PickCounter.count(
                        peakEwma(
                                candidate().latencyMillis(10).inFlight(50),
                                candidate().inFlight(1)),
                        2,
                        100))
                .containsExactly(100, 0);
    }
}
