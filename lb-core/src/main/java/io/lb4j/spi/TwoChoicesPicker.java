package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The power of two choices (Mitzenmacher, 2001): draws two candidates and takes the one that is loaded less, which is nearly as good
 * as looking at all of them and much better than drawing one. Candidates are drawn in proportion to their weights, and their requests
 * in flight count in relation to their weights. When both are loaded alike, the first one drawn is taken, so that shares follow the
 * weights at any load. Thread-safe.
 */
final class TwoChoicesPicker implements BalancePolicy.Picker {
    private final Candidate[] candidates;
    private final Weights weights;
    private final double[] loadPerRequest; // mean weight ÷ weight
    private final Load load;
    private final LongSupplier clock;
    private final LongSupplier random;

    /** How heavily a candidate is loaded; only the order matters. */
    @FunctionalInterface
    interface Load {
        /**
         * Returns the load.
         *
         * @param relativeInFlight the requests in flight, as many as they would be on a candidate of mean weight
         */
        double of(Candidate candidate, double relativeInFlight, long nowNanos);
    }

    TwoChoicesPicker(List<Candidate> candidates, Load load, LongSupplier clock, LongSupplier random) {
        this.candidates = candidates.toArray(Candidate[]::new);
        this.load = load;
        this.clock = clock;
        this.random = random;
        weights = new Weights(candidates);
        loadPerRequest = new double[this.candidates.length];
        for (int i = 0; i < loadPerRequest.length; i++) {
            loadPerRequest[i] = weights.mean() / weights.weight(i);
        }
    }

    @Override
    public int pick(Exchange exchange) {
        if (candidates.length == 1) {
            return 0;
        }
        long bits = random.getAsLong();
        int first;
        int second;
        if (weights.areEqual()) {
            first = Weights.scale(bits >>> 32, candidates.length);
            // One of the others, each as likely: those from the first on move up by one.
            int other = Weights.scale(bits & 0xffff_ffffL, candidates.length - 1);
            second = other < first ? other : other + 1;
        } else {
            first = weights.draw(bits);
            second = weights.draw(random.getAsLong());
        }
        if (first == second) {
            return first;
        }
        long now = clock.getAsLong();
        return loadOf(second, now) < loadOf(first, now) ? second : first;
    }

    private double loadOf(int index, long nowNanos) {
        Candidate candidate = candidates[index];
        return load.of(candidate, candidate.inFlight() * loadPerRequest[index], nowNanos);
    }
}
