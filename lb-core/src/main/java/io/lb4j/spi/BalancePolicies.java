package io.lb4j.spi;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The balancing policies that come with core. Each is one immutable object, so that two configurations that name it are equal.
 * Endpoints of weight 0 never come before a policy.
 */
public final class BalancePolicies {
    /** What a candidate counts that was never heard of and has requests under way: more than any that was heard of. */
    private static final double UNKNOWN_LATENCY = Long.MAX_VALUE >> 16;

    private static final BalancePolicy ROUND_ROBIN = new Named("round_robin", BalancePolicies::inTurn);
    private static final BalancePolicy WEIGHTED_ROUND_ROBIN = new Named(
            "weighted_round_robin", candidates -> SmoothPickers.picker(new Weights(candidates), randomStart()));
    private static final BalancePolicy RANDOM_DRAW =
            new Named("random", candidates -> draw(candidates, BalancePolicies::randomBits));
    private static final BalancePolicy LEAST_REQUEST =
            new Named("least_request", candidates -> new LeastRequestPicker(candidates, BalancePolicies::randomBits));
    private static final BalancePolicy LEAST_REQUEST_P2C =
            new Named("least_request_p2c", candidates -> leastRequestP2c(candidates, BalancePolicies::randomBits));
    private static final BalancePolicy PEAK_EWMA =
            new Named("peak_ewma", candidates -> peakEwma(candidates, System::nanoTime, BalancePolicies::randomBits));

    private static final Map<String, BalancePolicy> BY_NAME = Stream.of(
                    ROUND_ROBIN, WEIGHTED_ROUND_ROBIN, RANDOM_DRAW, LEAST_REQUEST, LEAST_REQUEST_P2C, PEAK_EWMA)
            .collect(Collectors.toUnmodifiableMap(BalancePolicy::name, Function.identity()));

    private record Named(String name, Function<List<Candidate>, Picker> factory) implements BalancePolicy {
        @Override
        public Picker picker(List<Candidate> candidates) {
            return factory.apply(candidates);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private BalancePolicies() {}

    /** Returns {@code round_robin}: each in its turn, whatever its weight and whether it is warm or not. */
    public static BalancePolicy roundRobin() {
        return ROUND_ROBIN;
    }

    /**
     * Returns {@code weighted_round_robin}: each as often as its weight says, evenly spread as nginx does it. Over a cycle the shares
     * are exact, although all event loops pick at once.
     */
    public static BalancePolicy weightedRoundRobin() {
        return WEIGHTED_ROUND_ROBIN;
    }

    /** Returns {@code random}: one drawn in proportion to the weights. */
    public static BalancePolicy random() {
        return RANDOM_DRAW;
    }

    /**
     * Returns {@code least_request}: the one with the fewest requests in flight in relation to its weight, of all. An idle one comes
     * before a busy one whatever their weights, so shares follow the weights where all are idle or all are busy. While all are busy a
     * pick costs time in proportion to their number; for hundreds of endpoints take {@link #leastRequestP2c()}.
     */
    public static BalancePolicy leastRequest() {
        return LEAST_REQUEST;
    }

    /** Returns {@code least_request_p2c}: of two drawn in proportion to their weights, the one with fewer requests in flight. */
    public static BalancePolicy leastRequestP2c() {
        return LEAST_REQUEST_P2C;
    }

    /**
     * Returns {@code peak_ewma}: of two drawn in proportion to their weights, the one with the lower expected time, which is the
     * peak-sensitive average of its response times by one more than its requests in flight (Finagle's rule). It turns from an endpoint
     * at its first slow answers, without waiting for failures.
     */
    public static BalancePolicy peakEwma() {
        return PEAK_EWMA;
    }

    /** Returns all of these policies by their names; immutable. */
    public static Map<String, BalancePolicy> byName() {
        return BY_NAME;
    }

    static BalancePolicy.Picker inTurn(List<Candidate> candidates) {
        return new SchedulePicker(SchedulePicker.inTurn(candidates.size()), randomStart());
    }

    static BalancePolicy.Picker draw(List<Candidate> candidates, LongSupplier random) {
        Weights weights = new Weights(candidates);
        return exchange -> weights.draw(random.getAsLong());
    }

    static BalancePolicy.Picker leastRequestP2c(List<Candidate> candidates, LongSupplier random) {
        LongSupplier timeless = () -> 0;
        return new TwoChoicesPicker(
                candidates, (candidate, relativeInFlight, now) -> relativeInFlight, timeless, random);
    }

    static BalancePolicy.Picker peakEwma(List<Candidate> candidates, LongSupplier clock, LongSupplier random) {
        return new TwoChoicesPicker(candidates, BalancePolicies::expectedNanos, clock, random);
    }

    private static double expectedNanos(Candidate candidate, double relativeInFlight, long nowNanos) {
        double latency = candidate.latencyNanos(nowNanos);
        // One request finds out about a candidate that was never heard of; until it is back, others stay away.
        if (latency == 0 && relativeInFlight > 0) {
            return UNKNOWN_LATENCY + relativeInFlight;
        }
        return latency * (relativeInFlight + 1);
    }

    private static long randomBits() {
        return ThreadLocalRandom.current().nextLong();
    }

    /** Pickers are made anew at each change, and must not begin with the same candidate each time. */
    private static long randomStart() {
        return ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
    }
}
