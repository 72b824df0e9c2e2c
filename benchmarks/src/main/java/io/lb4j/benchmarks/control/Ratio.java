package io.lb4j.benchmarks.control;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How many times as long a percentile is in turns of one kind as in turns of another, and between what it lies with a probability of 90 %, by the
 * bootstrap over turns (Efron 1979): as many pairs of neighbours as there are are drawn again and again, some twice, some not at all.
 *
 * @param value of all turns
 * @param least the 5th percentile of what was drawn
 * @param most its 95th percentile
 */
record Ratio(double value, double least, double most) {
    private static final int DRAWS = 400;
    private static final int TWENTIETH = DRAWS / 20;
    private static final long SEED = 1; // the same turns give the same bounds

    /** Compares turn by turn: what is at the same place in both lists was measured one after the other. */
    static Ratio of(List<SteadyLoad.Outcome> base, List<SteadyLoad.Outcome> other, double quantile) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] drawn = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            List<SteadyLoad.Outcome> someBase = new ArrayList<>();
            List<SteadyLoad.Outcome> someOther = new ArrayList<>();
            for (int j = 0; j < base.size(); j++) {
                int turn = random.nextInt(base.size());
                someBase.add(base.get(turn));
                someOther.add(other.get(turn));
            }
            drawn[i] = plain(someBase, someOther, quantile);
        }
        Arrays.sort(drawn);
        return new Ratio(plain(base, other, quantile), drawn[TWENTIETH], drawn[DRAWS - 1 - TWENTIETH]);
    }

    private static double plain(List<SteadyLoad.Outcome> base, List<SteadyLoad.Outcome> other, double quantile) {
        return SteadyLoad.Outcome.of(other).micros(quantile)
                / SteadyLoad.Outcome.of(base).micros(quantile);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f times (%.2f to %.2f)", value, least, most);
    }
}
