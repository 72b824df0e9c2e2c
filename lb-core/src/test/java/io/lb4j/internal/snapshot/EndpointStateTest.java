package io.lb4j.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lb4j.model.Endpoint;
import io.lb4j.testkit.time.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class EndpointStateTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Endpoint ENDPOINT = Endpoint.of("10.0.0.1", 80);

    private final FakeClock time = FakeClock.create();
    private final List<EndpointState> changed = new ArrayList<>();
    private final EndpointState state = state(Tuning.DEFAULT);

    private EndpointState state(Tuning tuning) {
        return new EndpointState(ENDPOINT, tuning, time::nanos, changed::add);
    }

    private void attempt(Outcome outcome) {
        state.begin();
        state.end(outcome, MILLI);
    }

    @Test
    void countsRequestsInFlight() {
        state.begin();
        state.begin();
        state.end(Outcome.SUCCESS, MILLI);

        assertThat(state.inFlight()).isEqualTo(1);
    }

    @Test
    void countsOutcomesForAndAgainstTheEndpoint() {
        attempt(Outcome.SUCCESS);
        attempt(Outcome.FAILURE_CONNECT);
        attempt(Outcome.FAILURE_TIMEOUT);
        attempt(Outcome.FAILURE_RESET);
        attempt(Outcome.FAILURE_STATUS);

        assertThat(state.succeeded()).isEqualTo(1);
        assertThat(state.failed()).isEqualTo(4);
        assertThat(state.consecutiveFailures()).isEqualTo(4);
    }

    @Test
    void countsACancelledTryForNeither() {
        attempt(Outcome.FAILURE_RESET);
        attempt(Outcome.CANCELLED);

        assertThat(state.succeeded()).isZero();
        assertThat(state.failed()).isEqualTo(1);
        assertThat(state.consecutiveFailures()).isEqualTo(1);
        assertThat(state.inFlight()).isZero();
    }

    @Test
    void forgetsARunOfFailuresAtASuccess() {
        attempt(Outcome.FAILURE_RESET);
        attempt(Outcome.SUCCESS);

        assertThat(state.consecutiveFailures()).isZero();
    }

    @Test
    void reportsARunOfFailuresOnceWhenItReachesTheThreshold() {
        List<Integer> reported = new ArrayList<>();
        state.watchFailures(3, failing -> reported.add(failing.consecutiveFailures()));

        for (int i = 0; i < 5; i++) {
            attempt(Outcome.FAILURE_CONNECT);
        }

        assertThat(reported).containsExactly(3);
    }

    @Test
    void reportsNothingOnceNobodyWatches() {
        List<EndpointState> reported = new ArrayList<>();
        state.watchFailures(1, reported::add);
        state.unwatchFailures();

        attempt(Outcome.FAILURE_CONNECT);

        assertThat(reported).isEmpty();
    }

    @Test
    void averagesTheTimesOfItsAnswers() {
        state.begin();
        state.end(Outcome.SUCCESS, 20 * MILLI);

        assertThat(state.latencyNanos(time.nanos())).isCloseTo(20e6, Percentage.withPercentage(0.1));
    }

    @Test
    void doesNotTakeAFastFailureForAFastAnswer() {
        state.begin();
        state.end(Outcome.SUCCESS, 20 * MILLI);
        time.advance(Duration.ofSeconds(1));
        state.begin();
        state.end(Outcome.FAILURE_STATUS, 1000);

        assertThat(state.latencyNanos(time.nanos())).isGreaterThan(50e6);
    }

    @Test
    void weighsWhatItsEndpointSays() {
        state.describe(ENDPOINT.withWeight(7));

        assertThat(state.weight()).isEqualTo(7);
    }

    @Test
    void weighsWhatTheOperatorSaysInstead() {
        state.order(Orders.NONE.withWeight(OptionalInt.of(30)));
        state.describe(ENDPOINT.withWeight(7));

        assertThat(state.weight()).isEqualTo(30);
    }

    @Test
    void warmsUpWhenItArrivesAmongOthers() {
        EndpointState arriving = state(new Tuning(Duration.ofSeconds(10), SlowStart.over(Duration.ofSeconds(60))));

        arriving.warmUp();

        assertThat(arriving.weight()).isCloseTo(10, within(1e-6));
        time.advance(Duration.ofSeconds(30));
        assertThat(arriving.weight()).isCloseTo(50, within(1e-6));
        assertThat(arriving.isWarming()).isTrue();
        time.advance(Duration.ofSeconds(30));
        assertThat(arriving.weight()).isEqualTo(100);
        assertThat(arriving.isWarming()).isFalse();
    }

    @Test
    void warmsUpAgainWhenItRecovers() {
        EndpointState recovering = state(new Tuning(Duration.ofSeconds(10), SlowStart.over(Duration.ofSeconds(60))));
        recovering.health(Health.UNHEALTHY);
        time.advance(Duration.ofSeconds(100));

        recovering.health(Health.HEALTHY);

        assertThat(recovering.weight()).isCloseTo(10, within(1e-6));
    }

    @Test
    void warmsUpAgainAfterAnEjection() {
        EndpointState returning = state(new Tuning(Duration.ofSeconds(10), SlowStart.over(Duration.ofSeconds(60))));
        returning.eject(time.nanos() + 1);

        returning.readmit();

        assertThat(returning.weight()).isCloseTo(10, within(1e-6));
    }

    @Test
    void staysWarmAtItsFirstGoodCheck() {
        EndpointState checked = state(new Tuning(Duration.ofSeconds(10), SlowStart.over(Duration.ofSeconds(60))));

        checked.health(Health.HEALTHY);

        assertThat(checked.weight()).isEqualTo(100);
    }

    @Test
    void isUsableUntilSomethingSpeaksAgainstIt() {
        assertThat(state.standing().isUsable()).isTrue();

        state.health(Health.UNHEALTHY);

        assertThat(state.standing().isUsable()).isFalse();
        assertThat(state.standing().isAvailable()).isTrue();
    }

    @Test
    void isNotAvailableWithoutWeight() {
        state.describe(ENDPOINT.withWeight(0));

        assertThat(state.standing().isAvailable()).isFalse();
    }

    @Test
    void isNotAvailableWhileTheOperatorHasItOut() {
        state.order(Orders.NONE.withEjected(true));
        assertThat(state.standing().isAvailable()).isFalse();

        state.order(Orders.NONE.withDraining(true));
        assertThat(state.standing().isAvailable()).isFalse();
        assertThat(state.standing().isDraining()).isTrue();

        state.order(Orders.NONE);
        assertThat(state.standing().isAvailable()).isTrue();
    }

    @Test
    void drainsWhenItsSourceNoLongerNamesIt() {
        state.leave();

        assertThat(state.standing().isDraining()).isTrue();
        assertThat(state.standing().isAvailable()).isFalse();
    }

    @Test
    void countsEjectionsUntilTheyAreForgiven() {
        state.eject(time.nanos() + 1);
        state.readmit();
        state.eject(time.nanos() + 1);
        state.forgive();
        assertThat(state.standing().exclusion().times()).isEqualTo(2);
        state.readmit();

        state.forgive();

        assertThat(state.standing().exclusion()).isEqualTo(new Exclusion(false, 0, 1));
    }

    @Test
    void beginsANewRunOfFailuresAfterAnEjection() {
        attempt(Outcome.FAILURE_CONNECT);
        state.eject(time.nanos() + 1);

        state.readmit();

        assertThat(state.consecutiveFailures()).isZero();
    }

    @Test
    void tellsItsOwnerOfChangesAndOfNothingElse() {
        state.health(Health.HEALTHY);
        state.health(Health.HEALTHY);
        attempt(Outcome.SUCCESS);
        state.describe(ENDPOINT);

        assertThat(changed).containsExactly(state);
    }

    @Test
    void refusesAnOperatorsWeightOutOfRange() {
        assertThatThrownBy(() -> Orders.NONE.withWeight(OptionalInt.of(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight: -1 (expected: 0..1000000)");
    }

    @Test
    void losesNoCountWhenManyLoopsWriteAtOnce() throws Exception {
        int threads = 8;
        int tries = 20_000;
        ExecutorService loops = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(loops.submit(() -> {
                    start.await();
                    for (int n = 0; n < tries; n++) {
                        state.begin();
                        state.end(n % 4 == 0 ? Outcome.FAILURE_RESET : Outcome.SUCCESS, n);
                    }
                    return null;
                }));
            }
            for (Future<?> loop : running) {
                loop.get(60, TimeUnit.SECONDS);
            }
        } finally {
            loops.shutdownNow();
        }

        assertThat(state.inFlight()).isZero();
        assertThat(state.failed()).isEqualTo(40_000);
        assertThat(state.succeeded()).isEqualTo(120_000);
    }
}
