package io.lb4j.spi;

import io.lb4j.exchange.UnreadExchange;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.model.Endpoint;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Servers behind a policy, in time that is made up: the same seed gives the same run. Requests come at even intervals; one that takes
 * longer than the timeout fails then.
 */
final class Simulation {
    private final FakeClock time = FakeClock.create();
    private final FakeScheduler answers = FakeScheduler.over(time);
    private final SplittableRandom random = new SplittableRandom(2016);
    private final List<EndpointState> servers = new ArrayList<>();
    private final long[] timesNanos;
    private final int[] picks;
    private long timeoutNanos = Long.MAX_VALUE;
    private int done;
    private int failed;

    /** Makes a policy's picker over the servers. */
    @FunctionalInterface
    interface Balancing {
        BalancePolicy.Picker over(List<Candidate> servers, Simulation simulation);
    }

    /** How long a server takes for a request. */
    @FunctionalInterface
    interface Service {
        long nanos(int server, Duration age);
    }

    Simulation(int requests, double... weights) {
        timesNanos = new long[requests];
        picks = new int[weights.length];
        for (double weight : weights) {
            Endpoint endpoint = Endpoint.of("10.0.0.1", 80).withWeight((int) weight);
            servers.add(new EndpointState(endpoint, Tuning.DEFAULT, time::nanos, state -> {}));
        }
    }

    static Simulation ofEqualServers(int requests, int servers) {
        double[] weights = new double[servers];
        Arrays.fill(weights, 100);
        return new Simulation(requests, weights);
    }

    Simulation timeout(Duration timeout) {
        timeoutNanos = timeout.toNanos();
        return this;
    }

    long now() {
        return time.nanos();
    }

    long randomBits() {
        return random.nextLong();
    }

    /** Returns a time between two. */
    long uniformNanos(Duration from, Duration to) {
        return random.nextLong(from.toNanos(), to.toNanos());
    }

    /** Returns a time of exponential distribution. */
    long exponentialNanos(Duration mean) {
        return (long) (-Math.log(1 - random.nextDouble()) * mean.toNanos());
    }

    Simulation run(Balancing balancing, Duration between, Service service) {
        BalancePolicy.Picker picker = balancing.over(List.copyOf(servers), this);
        for (int i = 0; i < timesNanos.length; i++) {
            request(picker, service);
            time.advance(between);
        }
        time.advance(Duration.ofHours(1));
        return this;
    }

    private void request(BalancePolicy.Picker picker, Service service) {
        int server = picker.pick(UnreadExchange.INSTANCE);
        EndpointState state = servers.get(server);
        picks[server]++;
        state.begin();
        long takes = service.nanos(server, Duration.ofNanos(now()));
        boolean late = takes > timeoutNanos;
        long nanos = late ? timeoutNanos : takes;
        Future<?> end = answers.schedule(
                () -> {
                    state.end(late ? Outcome.FAILURE_TIMEOUT : Outcome.SUCCESS, nanos);
                    timesNanos[done++] = nanos;
                    failed += late ? 1 : 0;
                },
                nanos,
                TimeUnit.NANOSECONDS);
        if (end.isCancelled()) {
            throw new IllegalStateException("a simulated answer cannot be called off");
        }
    }

    double successPercent() {
        return 100.0 * (timesNanos.length - failed) / timesNanos.length;
    }

    double share(int server) {
        return (double) picks[server] / timesNanos.length;
    }

    double quantileMillis(double quantile) {
        long[] sorted = timesNanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) (sorted.length * quantile)] / 1e6;
    }
}
