package io.lb4j.spi;

import io.lb4j.model.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** A candidate whose figures a test sets. */
final class FakeCandidate implements Candidate {
    private final double weight;
    private int inFlight;
    private double latencyNanos;

    FakeCandidate(double weight) {
        this.weight = weight;
    }

    static List<Candidate> weighing(double... weights) {
        List<Candidate> candidates = new ArrayList<>();
        for (double weight : weights) {
            candidates.add(new FakeCandidate(weight));
        }
        return candidates;
    }

    FakeCandidate inFlight(int requests) {
        inFlight = requests;
        return this;
    }

    FakeCandidate latencyMillis(double millis) {
        latencyNanos = millis * 1e6;
        return this;
    }

    @Override
    public Endpoint endpoint() {
        return Endpoint.of("10.0.0.1", 80);
    }

    @Override
    public double weight() {
        return weight;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public double latencyNanos(long nowNanos) {
        return latencyNanos;
    }
}
