package io.lb4j.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private final SplittableRandom random = new SplittableRandom(42);

    private double[] sharesOf(int draws, double... weighing) {
        Weights weights = new Weights(FakeCandidate.weighing(weighing));
        double[] shares = new double[weighing.length];
        for (int i = 0; i < draws; i++) {
            shares[weights.draw(random.nextLong())] += 1.0 / draws;
        }
        return shares;
    }

    @Test
    void drawsInProportion() {
        double[] shares = sharesOf(1_000_000, 1, 2, 3, 94, 0.5);

        assertThat(shares[0]).isCloseTo(1 / 100.5, within(0.001));
        assertThat(shares[1]).isCloseTo(2 / 100.5, within(0.001));
        assertThat(shares[2]).isCloseTo(3 / 100.5, within(0.001));
        assertThat(shares[3]).isCloseTo(94 / 100.5, within(0.002));
        assertThat(shares[4]).isCloseTo(0.5 / 100.5, within(0.001));
    }

    @Test
    void drawsEquallyWhereWeightsAreEqual() {
        assertThat(sharesOf(1_000_000, 7, 7, 7, 7, 7))
                .containsExactly(new double[] {0.2, 0.2, 0.2, 0.2, 0.2}, within(0.003));
    }

    @Test
    void neverDrawsWhatHasNoWeight() {
        double[] shares = sharesOf(1_000_000, 0, 1e-6, 0, 1_000_000, 0);

        assertThat(shares[0] + shares[2] + shares[4]).isZero();
    }

    @Test
    void drawsEquallyWhereNothingHasWeight() {
        assertThat(sharesOf(1_000_000, 0, 0)).containsExactly(new double[] {0.5, 0.5}, within(0.003));
    }

    @Test
    void keepsToManyUnevenWeights() {
        double[] weighing = new double[1000];
        for (int i = 0; i < weighing.length; i++) {
            weighing[i] = 1 + i % 10;
        }

        double[] shares = sharesOf(5_000_000, weighing);

        for (int group = 0; group < 10; group++) {
            double share = 0;
            for (int i = group; i < weighing.length; i += 10) {
                share += shares[i];
            }
            assertThat(share).isCloseTo((1 + group) / 55.0, within(0.001));
        }
    }

    @Test
    void refusesAnEmptySet() {
        assertThatThrownBy(() -> new Weights(List.of())).hasMessage("candidates: none (expected: at least one)");
    }
}
