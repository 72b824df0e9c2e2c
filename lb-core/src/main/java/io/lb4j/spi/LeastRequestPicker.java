package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Takes the candidate with the fewest requests in flight in relation to its weight. It looks at them in a circle from a place drawn
 * in proportion to the weights, so that equals share in that proportion, and stops at the first one that is idle: the whole circle is
 * looked at only when all are busy. Thread-safe.
 */
final class LeastRequestPicker implements BalancePolicy.Picker {
    private final Candidate[] candidates;
    private final Weights weights;
    private final LongSupplier random;

    LeastRequestPicker(List<Candidate> candidates, LongSupplier random) {
        this.candidates = candidates.toArray(Candidate[]::new);
        this.random = random;
        weights = new Weights(candidates);
    }

    @Override
    public int pick(Exchange exchange) {
        int best = weights.draw(random.getAsLong());
        int bestInFlight = candidates[best].inFlight();
        int index = best;
        for (int i = 1; i < candidates.length && bestInFlight > 0; i++) {
            index = index + 1 == candidates.length ? 0 : index + 1;
            int inFlight = candidates[index].inFlight();
            // inFlight/weight < bestInFlight/bestWeight without a division; never true for a weight of 0.
            if (inFlight * weights.weight(best) < bestInFlight * weights.weight(index)) {
                best = index;
                bestInFlight = inFlight;
            }
        }
        return best;
    }
}
