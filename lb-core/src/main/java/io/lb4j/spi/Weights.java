package io.lb4j.spi;

import java.util.Arrays;
import java.util.List;

/**
 * The weights of a set of candidates as they were when a picker was made, and a way to draw a candidate in proportion to them in
 * constant time (Walker's alias method as Vose set it up, 1991). Immutable.
 *
 * <p>Weights in force change while endpoints warm up; core then asks for a new picker.
 */
final class Weights {
    private static final double TWO_TO_32 = 0x1p32;

    private final double[] weights;
    private final double sum;
    private final boolean equal;
    private final double[] keep; // empty where weights are equal
    private final int[] alias;

    Weights(List<Candidate> candidates) {
        weights = candidates.stream().mapToDouble(Candidate::weight).toArray();
        if (weights.length == 0) {
            throw new IllegalArgumentException("candidates: none (expected: at least one)");
        }
        if (Arrays.stream(weights).sum() <= 0) {
            Arrays.fill(weights, 1); // with nothing to tell them apart, each gets the same
        }
        sum = Arrays.stream(weights).sum();
        equal = Arrays.stream(weights).allMatch(weight -> weight == weights[0]);
        keep = new double[equal ? 0 : weights.length];
        alias = new int[keep.length];
        if (!equal) {
            fillTable();
        }
    }

    private void fillTable() {
        int n = weights.length;
        // One array serves as two stacks: what is below the mean grows from the left, what is above from the right.
        int[] stacks = new int[n];
        int below = 0;
        int above = n;
        for (int i = 0; i < n; i++) {
            keep[i] = weights[i] * n / sum;
            alias[i] = i;
            if (keep[i] < 1) {
                stacks[below++] = i;
            } else {
                stacks[--above] = i;
            }
        }
        while (below > 0 && above < n) {
            int small = stacks[--below];
            int large = stacks[above];
            alias[small] = large;
            keep[large] -= 1 - keep[small];
            if (keep[large] < 1) {
                above++;
                stacks[below++] = large;
            }
        }
        // What is left on either stack is 1 but for rounding, and a column that is its own alias needs no exactness.
    }

    int size() {
        return weights.length;
    }

    boolean areEqual() {
        return equal;
    }

    boolean areWhole() {
        return Arrays.stream(weights).allMatch(weight -> weight == Math.rint(weight));
    }

    double weight(int index) {
        return weights[index];
    }

    double mean() {
        return sum / weights.length;
    }

    /**
     * Draws a candidate in proportion to the weights.
     *
     * @param random 64 random bits
     */
    int draw(long random) {
        int column = scale(random >>> 32, weights.length);
        if (equal || (random & 0xffff_ffffL) < keep[column] * TWO_TO_32) {
            return column;
        }
        return alias[column];
    }

    /** Maps 32 random bits to 0 … bound − 1 without a division. */
    static int scale(long random32, int bound) {
        return (int) ((random32 * bound) >>> 32);
    }
}
