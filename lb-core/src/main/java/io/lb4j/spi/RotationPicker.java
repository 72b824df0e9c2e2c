package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Smooth weighted round robin for weights whose cycle is too long to be written down. The candidates lie side by side on a circle,
 * each as wide as its weight, and every pick goes on along the circle by the same step, near the golden section of its circumference.
 *
 * <p>The step and the circumference have no common divisor, so a cycle visits each place once and every share is exact. The golden
 * section spreads the visits of any one candidate most evenly: by the three-gap theorem its picks come at no more than three different
 * distances. The event loops share one position. Thread-safe, without a lock and without trying again.
 */
final class RotationPicker implements BalancePolicy.Picker {
    private static final double GOLDEN_SECTION = (Math.sqrt(5) - 1) / 2;

    private final int[] ends; // of each candidate's arc: the sums of the weights up to it
    private final long circumference;
    private final long step;
    private final AtomicLong position;

    /**
     * Creates a picker.
     *
     * @param shares the weights, not negative, of a sum from 1 to {@link Integer#MAX_VALUE}
     * @param start where to begin, at least 0
     */
    RotationPicker(int[] shares, long start) {
        ends = shares.clone();
        for (int i = 1; i < ends.length; i++) {
            ends[i] += ends[i - 1];
        }
        circumference = ends[ends.length - 1];
        step = stepFor(circumference);
        position = new AtomicLong(start);
    }

    private static long stepFor(long circumference) {
        long step = Math.max(1, Math.round(circumference * GOLDEN_SECTION));
        while (SmoothPickers.greatestCommonDivisor(step, circumference) != 1) {
            step++;
        }
        return step;
    }

    @Override
    public int pick(Exchange exchange) {
        long turn = position.getAndIncrement() % circumference;
        int place = (int) (turn * step % circumference); // both below 2^31
        int found = Arrays.binarySearch(ends, place);
        if (found < 0) {
            return -found - 1;
        }
        // The place is where an arc ends, so it is the first of the next arc that is not empty.
        while (ends[found] == place) {
            found++;
        }
        return found;
    }
}
