package io.lb4j.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.exchange.UnreadExchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SmoothPickersTest {
    private static BalancePolicy.Picker pickerOver(double... weights) {
        return SmoothPickers.picker(new Weights(FakeCandidate.weighing(weights)), 0);
    }

    private static int[] picksOf(BalancePolicy.Picker picker, int picks) {
        int[] picked = new int[picks];
        for (int i = 0; i < picks; i++) {
            picked[i] = picker.pick(UnreadExchange.INSTANCE);
        }
        return picked;
    }

    /** Returns the longest way from one pick of a candidate to its next. */
    private static int longestGap(int[] picks, int candidate) {
        int longest = 0;
        int last = -1;
        for (int i = 0; i < picks.length; i++) {
            if (picks[i] == candidate) {
                longest = last < 0 ? 0 : Math.max(longest, i - last);
                last = i;
            }
        }
        return longest;
    }

    @Test
    void picksInTheOrderOfNginx() {
        assertThat(picksOf(pickerOver(5, 1, 1), 14)).containsExactly(0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0);
    }

    @Test
    void picksInTurnWhereWeightsAreEqual() {
        assertThat(picksOf(pickerOver(100, 100, 100), 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
    }

    @Test
    void reducesWeightsToTheirLeastProportion() {
        assertThat(PickCounter.count(pickerOver(100, 300), 2, 4)).containsExactly(1, 3);
    }

    @Test
    void neverPicksWhatHasNoWeight() {
        assertThat(PickCounter.count(pickerOver(2, 0, 1), 3, 300)).containsExactly(200, 0, 100);
        assertThat(PickCounter.count(pickerOver(999_999, 0, 1_000_000), 3, 1_999_999))
                .containsExactly(999_999, 0, 1_000_000);
    }

    @Test
    void takesTheFractionsOfWeightsThatWarmUpIntoAccount() {
        assertThat(PickCounter.count(pickerOver(100, 100, 12.5), 3, 17)).containsExactly(8, 8, 1);
    }

    @Test
    void keepsSharesExactOverACycleThatIsTooLongToWriteDown() {
        assertThat(PickCounter.count(pickerOver(1_000_000, 999_983, 7), 3, 1_999_990))
                .containsExactly(1_000_000, 999_983, 7);
    }

    @Test
    void keepsSharesExactForManyCandidates() {
        double[] weights = new double[1000];
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 1 + i % 97;
            sum += 1 + i % 97;
        }

        int[] counts = PickCounter.count(pickerOver(weights), weights.length, sum);

        assertThat(Arrays.stream(counts).asDoubleStream().toArray()).containsExactly(weights);
    }

    @Test
    void leavesNoLongGapsInAWrittenSchedule() {
        int[] picks = picksOf(pickerOver(50, 30, 15, 5), 2000);

        assertThat(longestGap(picks, 0)).isLessThanOrEqualTo(3);
        assertThat(longestGap(picks, 1)).isLessThanOrEqualTo(5);
        assertThat(longestGap(picks, 2)).isLessThanOrEqualTo(9);
        assertThat(longestGap(picks, 3)).isLessThanOrEqualTo(21);
    }

    @Test
    void leavesNoLongGapsInARotation() {
        int[] picks = picksOf(pickerOver(500_009, 300_007, 150_001, 50_021), 200_000);

        // By the three-gap theorem with the golden section a gap is below 1 + 2 × golden ratio times the mean.
        assertThat(longestGap(picks, 0)).isLessThanOrEqualTo(4);
        assertThat(longestGap(picks, 1)).isLessThanOrEqualTo(9);
        assertThat(longestGap(picks, 2)).isLessThanOrEqualTo(20);
        assertThat(longestGap(picks, 3)).isLessThanOrEqualTo(64);
    }

    @Test
    void holdsSumsThatDoNotFitAnInt() {
        double[] weights = new double[5000];
        Arrays.fill(weights, 1_000_000);
        weights[7] = 500_000;

        int[] counts = PickCounter.count(pickerOver(weights), weights.length, 5_000_000);

        assertThat(counts[7]).isBetween(450, 550);
        assertThat(Arrays.stream(counts)
                        .filter(count -> count >= 900 && count <= 1100)
                        .count())
                .isEqualTo(4999);
    }

    @Test
    void keepsSharesExactWhenEightThreadsPickAtOnce() throws Exception {
        keepsSharesWhenEightThreadsPick(pickerOver(5, 2, 1), 8 * 1000, 5000, 2000, 1000);
        keepsSharesWhenEightThreadsPick(pickerOver(600_011, 299_989, 100_000), 1_000_000, 600_011, 299_989, 100_000);
    }

    private static void keepsSharesWhenEightThreadsPick(BalancePolicy.Picker picker, int picks, int... expected)
            throws Exception {
        int threads = 8;
        ExecutorService loops = Executors.newFixedThreadPool(threads);
        int[] sums = new int[expected.length];
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<int[]>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(loops.submit(() -> {
                    start.await();
                    return PickCounter.count(picker, expected.length, picks / threads);
                }));
            }
            for (Future<int[]> loop : running) {
                int[] counts = loop.get(60, TimeUnit.SECONDS);
                Arrays.setAll(sums, i -> sums[i] + counts[i]);
            }
        } finally {
            loops.shutdownNow();
        }
        assertThat(sums).containsExactly(expected);
    }
}
