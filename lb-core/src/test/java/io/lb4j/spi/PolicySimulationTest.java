package io.lb4j.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How policies behave under load. Runs are deterministic, so figures may be compared closely. */
class PolicySimulationTest {
    private static final Simulation.Balancing ROUND_ROBIN = (servers, run) -> BalancePolicies.inTurn(servers);
    private static final Simulation.Balancing RANDOM = (servers, run) -> BalancePolicies.draw(servers, run::randomBits);
    private static final Simulation.Balancing LEAST_REQUEST =
            (servers, run) -> new LeastRequestPicker(servers, run::randomBits);
    private static final Simulation.Balancing LEAST_REQUEST_P2C =
            (servers, run) -> BalancePolicies.leastRequestP2c(servers, run::randomBits);
    private static final Simulation.Balancing PEAK_EWMA =
            (servers, run) -> BalancePolicies.peakEwma(servers, run::now, run::randomBits);

    /**
     * The experiment of linkerd's "Beyond Round Robin" (2016): 11 servers, 1,000 requests a second for a minute, one of the servers
     * takes 2 s in the middle half of it, clients wait 1 s.
     */
    private static double successPercentOf(Simulation.Balancing policy) {
        Simulation run = Simulation.ofEqualServers(60_000, 11).timeout(Duration.ofSeconds(1));
        return run.run(policy, Duration.ofMillis(1), (server, age) -> {
                    boolean slow = server == 0 && age.toSeconds() >= 15 && age.toSeconds() < 45;
                    return slow
                            ? Duration.ofSeconds(2).toNanos()
                            : run.uniformNanos(Duration.ofMillis(50), Duration.ofMillis(150));
                })
                .successPercent();
    }

    @Test
    void roundRobinKeepsSendingToASlowServer() {
        assertThat(successPercentOf(ROUND_ROBIN)).isCloseTo(95.45, within(0.01));
    }

    @Test
    void leastRequestSendsLittleToASlowServer() {
        assertThat(successPercentOf(LEAST_REQUEST_P2C)).isBetween(99.0, 99.7);
        assertThat(successPercentOf(LEAST_REQUEST)).isBetween(99.0, 99.7);
    }

    @Test
    void peakEwmaTurnsFromASlowServer() {
        assertThat(successPercentOf(PEAK_EWMA)).isGreaterThan(99.9);
    }

    /** Servers that serve one request at a time, in the order in which they come, at 80 % of what they can do. */
    private static double tailMillisOf(Simulation.Balancing policy) {
        Simulation run = Simulation.ofEqualServers(100_000, 20);
        long[] busyUntil = new long[20];
        return run.run(policy, Duration.ofNanos(625_000), (server, age) -> {
                    long begins = Math.max(busyUntil[server], run.now());
                    busyUntil[server] = begins + run.exponentialNanos(Duration.ofMillis(10));
                    return busyUntil[server] - run.now();
                })
                .quantileMillis(0.99);
    }

    @Test
    void twoChoicesHaveAMuchShorterTailThanOne() {
        double tailOfRandom = tailMillisOf(RANDOM);

        assertThat(tailMillisOf(LEAST_REQUEST_P2C)).isLessThan(tailOfRandom / 2.5);
        assertThat(tailMillisOf(PEAK_EWMA)).isLessThan(tailOfRandom / 2);
    }

    @Test
    void lookingAtAllHasTheShortestTail() {
        assertThat(tailMillisOf(LEAST_REQUEST)).isLessThan(tailMillisOf(LEAST_REQUEST_P2C));
    }

    /** Returns the share of a server that weighs a quarter of the other, and is as fast. */
    private static double shareOfLight(Simulation.Balancing policy, Duration between) {
        Simulation run = new Simulation(50_000, 50, 200, 50, 200);
        run.run(policy, between, (server, age) -> run.exponentialNanos(Duration.ofMillis(10)));
        return run.share(0) + run.share(2);
    }

    @Test
    void weightsAreKeptToUnderLittleLoad() {
        Duration between = Duration.ofMillis(500);

        assertThat(shareOfLight(RANDOM, between)).isCloseTo(0.2, within(0.01));
        assertThat(shareOfLight(LEAST_REQUEST, between)).isCloseTo(0.2, within(0.01));
        assertThat(shareOfLight(LEAST_REQUEST_P2C, between)).isCloseTo(0.2, within(0.01));
        // Who gets more requests has more peaks among them, so peak EWMA evens shares out a little.
        assertThat(shareOfLight(PEAK_EWMA, between)).isBetween(0.2, 0.3);
    }

    @Test
    void weightsAreKeptToUnderMuchLoad() {
        Duration between = Duration.ofNanos(100_000);

        assertThat(shareOfLight(LEAST_REQUEST, between)).isCloseTo(0.2, within(0.02));
        assertThat(shareOfLight(LEAST_REQUEST_P2C, between)).isCloseTo(0.2, within(0.02));
        assertThat(shareOfLight(PEAK_EWMA, between)).isCloseTo(0.2, within(0.05));
    }

    @Test
    void equalServersGetEqualShares() {
        for (Simulation.Balancing policy :
                new Simulation.Balancing[] {RANDOM, LEAST_REQUEST, LEAST_REQUEST_P2C, PEAK_EWMA}) {
            Simulation run = Simulation.ofEqualServers(50_000, 5);
            run.run(policy, Duration.ofMillis(1), (server, age) -> run.exponentialNanos(Duration.ofMillis(10)));
            for (int server = 0; server < 5; server++) {
                assertThat(run.share(server)).isCloseTo(0.2, within(0.02));
            }
        }
    }
}
