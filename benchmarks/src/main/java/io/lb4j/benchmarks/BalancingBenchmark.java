package io.lb4j.benchmarks;

import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.spi.BalancePolicy;
import io.lb4j.spi.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to pick an endpoint, with the books that every try keeps: one begins, and the one that began some time ago ends. Each
 * endpoint has a request under way at least, so that a full scan has to look at all of them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class BalancingBenchmark {
    private static final int UNDER_WAY = 64; // a power of two
    private static final long LATENCY_NANOS = 200_000;

    /** The policy's name. */
    @Param({"round_robin", "weighted_round_robin", "random", "least_request", "least_request_p2c", "peak_ewma"})
    public String policy = "round_robin";

    /** How many endpoints there are, of the weights 1, 2 and 3. */
    @Param({"10", "1000"})
    public int endpoints;

    private final List<EndpointState> states = new ArrayList<>();
    private final List<EndpointState> underWay = new ArrayList<>();
    private final NoExchange exchange = new NoExchange();
    private BalancePolicy.Picker picker = any -> 0;
    private int next;

    /** Makes the endpoints, with requests under way. */
    @Setup
    public void prepare() {
        for (int i = 0; i < endpoints; i++) {
            Endpoint endpoint =
                    Endpoint.of("10.0." + i / 250 + "." + i % 250, 80).withWeight(1 + i % 3);
            EndpointState state = new EndpointState(endpoint, Tuning.DEFAULT, System::nanoTime, changed -> {});
            state.begin();
            states.add(state);
        }
        BalancePolicy chosen = BalancePolicies.byName().get(policy);
        if (chosen == null) {
            throw new IllegalArgumentException("policy: " + policy + " (expected: a known one)");
        }
        picker = chosen.picker(List.<Candidate>copyOf(states));
        for (int i = 0; i < UNDER_WAY; i++) {
            underWay.add(begin());
        }
    }

    private EndpointState begin() {
        EndpointState state = states.get(picker.pick(exchange));
        state.begin();
        return state;
    }

    /** Picks an endpoint for a request that begins, and ends one that began earlier. */
    @Benchmark
    public EndpointState pick() {
        EndpointState begun = begin();
        next = (next + 1) & (UNDER_WAY - 1);
        underWay.set(next, begun).end(Outcome.SUCCESS, LATENCY_NANOS);
        return begun;
    }
}
