package io.lb4j.benchmarks.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is said of two kinds of turns. */
final class RatioTest {
    private static final int TURNS = 40;
    private static final double P99 = 0.99;

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void theBoundsHoldTheRatioAndAreNarrowWhereTurnsAreAlike() {
        Ratio ratio = Ratio.of(turns(1, 0), turns(1.5, 0), P99);

        assertThat(ratio.value()).isCloseTo(1.5, within(0.05));
        assertThat(ratio.least()).isBetween(1.4, ratio.value());
        assertThat(ratio.most()).isBetween(ratio.value(), 1.6);
    }

    @Test
    void theBoundsAreWideWhereTurnsDiffer() {
        Ratio ratio = Ratio.of(turns(1, 4), turns(1, 4), P99);
        Ratio alike = Ratio.of(turns(1, 0), turns(1, 0), P99);

        assertThat(width(ratio)).isGreaterThan(3 * width(alike));
    }

    private static double width(Ratio ratio) {
        return ratio.most() - ratio.least();
    }

    private List<SteadyLoad.Outcome> turns(double factor, double scatter) {
        List<SteadyLoad.Outcome> turns = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            double slowness = factor * (1 + scatter * random.nextDouble());
            long[] nanos = random.longs(500, 1_000_000, 2_000_000)
                    .map(it -> (long) (it * slowness))
                    .toArray();
            turns.add(new SteadyLoad.Outcome(nanos, 0));
        }
        return turns;
    }
}
