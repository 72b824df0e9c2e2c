package io.lb4j.spi;

/** Makes the picker for smooth weighted round robin that suits the weights. */
final class SmoothPickers {
    /** How many steps making a schedule may cost: well under a millisecond, for it is made again at each change. */
    private static final long MAX_SCHEDULE_COST = 1 << 18;
    /** To which part of 1 a weight is rounded that is not whole, as those of endpoints that warm up. */
    private static final int PRECISION = 1000;

    private SmoothPickers() {}

    static BalancePolicy.Picker picker(Weights weights, long start) {
        if (weights.areEqual()) {
            return new SchedulePicker(SchedulePicker.inTurn(weights.size()), start);
        }
        int[] shares = shares(weights);
        long sum = 0;
        for (int share : shares) {
            sum += share;
        }
        return sum * shares.length <= MAX_SCHEDULE_COST
                ? new SchedulePicker(SchedulePicker.smooth(shares, (int) sum), start)
                : new RotationPicker(shares, start);
    }

    /**
     * Returns whole numbers in the proportion of the weights, as small as can be. Whole weights are kept to exactly, unless their sum
     * does not fit an {@code int}.
     */
    private static int[] shares(Weights weights) {
        int n = weights.size();
        double scale = Math.min(weights.areWhole() ? 1 : PRECISION, (Integer.MAX_VALUE - n) / (weights.mean() * n));
        int[] shares = new int[n];
        long divisor = 0;
        for (int i = 0; i < n; i++) {
            // Rounding must not take all traffic from a candidate that has a weight.
            shares[i] = weights.weight(i) > 0 ? (int) Math.max(1, Math.round(weights.weight(i) * scale)) : 0;
            divisor = greatestCommonDivisor(shares[i], divisor);
        }
        for (int i = 0; i < n; i++) {
            shares[i] /= (int) divisor;
        }
        return shares;
    }

    static long greatestCommonDivisor(long a, long b) {
        long larger = a;
        long smaller = b;
        while (smaller != 0) {
            long rest = larger % smaller;
            larger = smaller;
            smaller = rest;
        }
        return larger;
    }
}
