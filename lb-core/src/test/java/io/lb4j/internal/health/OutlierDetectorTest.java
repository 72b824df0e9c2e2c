package io.lb4j.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.internal.health.Ejection.SuccessRate;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.model.Endpoint;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlierDetectorTest {
    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final List<EndpointState> members = new ArrayList<>();

    private OutlierDetector detector(Ejection settings, int memberCount) {
        OutlierDetector detector = new OutlierDetector("api", settings, control, clock::nanos);
        for (int i = 0; i < memberCount; i++) {
            members.add(
                    new EndpointState(Endpoint.of("10.0.0." + (i + 1), 80), Tuning.DEFAULT, clock::nanos, state -> {}));
        }
        detector.update(members);
        return detector;
    }

    private static Ejection rates(SuccessRate successRate) {
        Ejection standard = Ejection.DEFAULT;
        return new Ejection(
                Integer.MAX_VALUE, standard.interval(), successRate, standard.baseTime(), standard.maxTime(), 0.5);
    }

    private static void tries(EndpointState state, Outcome outcome, int count) {
        for (int i = 0; i < count; i++) {
            state.begin();
            state.end(outcome, 1_000_000);
        }
    }

    private boolean isOut(int member) {
        return members.get(member).standing().exclusion().isActive();
    }

    private void fail(int member) {
        tries(members.get(member), Outcome.FAILURE_CONNECT, 5);
        control.runDue();
    }

    @Test
    void ejectsAfterFailuresInARow() {
        detector(Ejection.DEFAULT, 4);
        tries(members.get(0), Outcome.FAILURE_STATUS, 4);
        control.runDue();
        assertThat(isOut(0)).isFalse();

        tries(members.get(0), Outcome.FAILURE_STATUS, 1);
        control.runDue();

        assertThat(isOut(0)).isTrue();
    }

    @Test
    void doesNotEjectForFailuresThatASuccessInterrupts() {
        detector(Ejection.DEFAULT, 4);

        tries(members.get(0), Outcome.FAILURE_RESET, 4);
        tries(members.get(0), Outcome.SUCCESS, 1);
        tries(members.get(0), Outcome.FAILURE_RESET, 4);
        clock.advance(Duration.ofSeconds(10));

        assertThat(isOut(0)).isFalse();
    }

    @Test
    void doesNotEjectForARunThatEndedBeforeItWasJudged() {
        detector(Ejection.DEFAULT, 4);

        tries(members.get(0), Outcome.FAILURE_RESET, 5);
        tries(members.get(0), Outcome.SUCCESS, 1);
        control.runDue();

        assertThat(isOut(0)).isFalse();
    }

    @Test
    void takesInAgainWhenTheTimeIsOver() {
        detector(Ejection.DEFAULT, 4);
        fail(0);
        assertThat(members.get(0).standing().exclusion().untilNanos())
                .isEqualTo(clock.nanos() + Duration.ofSeconds(30).toNanos());

        clock.advance(Duration.ofSeconds(30).minusNanos(1));
        assertThat(isOut(0)).isTrue();
        clock.advance(Duration.ofNanos(1));

        assertThat(isOut(0)).isFalse();
    }

    @Test
    void ejectsForLongerEachTime() {
        detector(Ejection.DEFAULT, 4);
        fail(0);
        clock.advance(Duration.ofSeconds(30));

        fail(0);

        clock.advance(Duration.ofSeconds(60).minusNanos(1));
        assertThat(isOut(0)).isTrue();
        clock.advance(Duration.ofNanos(1));
        assertThat(isOut(0)).isFalse();
    }

    @Test
    void neverEjectsForLongerThanTheMaximum() {
        detector(Ejection.DEFAULT, 4);
        for (int i = 0; i < 15; i++) {
            fail(0);
            clock.advance(Duration.ofNanos(members.get(0).standing().exclusion().untilNanos() - clock.nanos()));
        }

        fail(0);

        assertThat(members.get(0).standing().exclusion().times()).isEqualTo(16);
        clock.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(isOut(0)).isTrue();
        clock.advance(Duration.ofNanos(1));
        assertThat(isOut(0)).isFalse();
    }

    @Test
    void forgivesOneEjectionPerWholeIntervalOfGoodConduct() {
        detector(Ejection.DEFAULT, 4);
        fail(0);
        clock.advance(Duration.ofSeconds(30));
        fail(0);
        clock.advance(Duration.ofSeconds(60));
        assertThat(members.get(0).standing().exclusion().times()).isEqualTo(2);

        clock.advance(Duration.ofSeconds(10));
        assertThat(members.get(0).standing().exclusion().times()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(10));
        assertThat(members.get(0).standing().exclusion().times()).isZero();
    }

    @Test
    void ejectsNoMoreThanTheShareAllows() {
        detector(Ejection.DEFAULT, 5);

        fail(0);
        fail(1);
        fail(2);

        assertThat(isOut(0)).isTrue();
        assertThat(isOut(1)).isTrue();
        assertThat(isOut(2)).isFalse();
    }

    @Test
    void ejectsWhoWasSparedOnceThereIsRoomAgain() {
        detector(Ejection.DEFAULT, 2);
        fail(0);
        fail(1);
        assertThat(isOut(1)).isFalse();

        clock.advance(Duration.ofSeconds(40));

        assertThat(isOut(0)).isFalse();
        assertThat(isOut(1)).isTrue();
    }

    @Test
    void mayEjectTheOnlyOne() {
        detector(Ejection.DEFAULT, 1);

        fail(0);

        assertThat(isOut(0)).isTrue();
    }

    @Test
    void ejectsWhoseSuccessRateIsAnOutlier() {
        detector(rates(SuccessRate.DEFAULT), 10);
        for (int i = 0; i < 10; i++) {
            tries(members.get(i), Outcome.SUCCESS, i == 3 ? 80 : 99);
            tries(members.get(i), Outcome.FAILURE_STATUS, i == 3 ? 20 : 1);
        }

        clock.advance(Duration.ofSeconds(10));

        assertThat(members)
                .filteredOn(state -> state.standing().exclusion().isActive())
                .containsExactly(members.get(3));
    }

    @Test
    void toleratesRatesThatDifferLittle() {
        detector(rates(SuccessRate.DEFAULT), 10);
        for (int i = 0; i < 10; i++) {
            tries(members.get(i), Outcome.SUCCESS, 95 + i % 5);
            tries(members.get(i), Outcome.FAILURE_STATUS, 5 - i % 5);
        }

        clock.advance(Duration.ofSeconds(10));

        assertThat(members).noneMatch(state -> state.standing().exclusion().isActive());
    }

    @Test
    void comparesNoRatesOfTooFewEndpoints() {
        detector(rates(SuccessRate.DEFAULT), 5);
        for (int i = 0; i < 5; i++) {
            tries(members.get(i), i == 0 ? Outcome.FAILURE_STATUS : Outcome.SUCCESS, i == 4 ? 99 : 100);
        }

        clock.advance(Duration.ofSeconds(10));

        assertThat(isOut(0)).isFalse();
    }

    @Test
    void comparesRatesOfOneIntervalOnly() {
        detector(rates(SuccessRate.DEFAULT), 10);
        for (int i = 0; i < 10; i++) {
            tries(members.get(i), i == 0 ? Outcome.FAILURE_STATUS : Outcome.SUCCESS, 60);
        }
        clock.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 10; i++) {
            tries(members.get(i), i == 0 ? Outcome.FAILURE_STATUS : Outcome.SUCCESS, 60);
        }

        clock.advance(Duration.ofSeconds(10));

        assertThat(isOut(0)).isFalse();
    }

    @Test
    void ejectsTheWorstFirst() {
        Ejection one = new Ejection(
                Integer.MAX_VALUE,
                Duration.ofSeconds(10),
                new SuccessRate(0.5, 5, 100),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                0.1);
        detector(one, 10);
        for (int i = 0; i < 10; i++) {
            int failures = i == 2 ? 40 : i == 7 ? 60 : 0;
            tries(members.get(i), Outcome.SUCCESS, 100 - failures);
            tries(members.get(i), Outcome.FAILURE_STATUS, failures);
        }

        clock.advance(Duration.ofSeconds(10));

        assertThat(isOut(7)).isTrue();
        assertThat(isOut(2)).isFalse();
    }

    @Test
    void makesRoomWhenAnEjectedMemberLeaves() {
        OutlierDetector detector = detector(Ejection.DEFAULT, 4);
        fail(0);
        fail(1);

        detector.update(members.subList(1, 4));
        tries(members.get(0), Outcome.FAILURE_CONNECT, 5);
        fail(2);

        // Three members are left, of which one may be out, and one is.
        assertThat(isOut(2)).isFalse();
        clock.advance(Duration.ofSeconds(30));
        fail(2);
        assertThat(isOut(2)).isTrue();
    }

    @Test
    void takesOverOtherSettings() {
        OutlierDetector detector = detector(Ejection.DEFAULT, 4);
        Ejection strict = new Ejection(
                1, Duration.ofSeconds(10), SuccessRate.DEFAULT, Duration.ofSeconds(5), Duration.ofSeconds(5), 1);

        detector.configure(strict);
        tries(members.get(0), Outcome.FAILURE_CONNECT, 1);
        control.runDue();

        assertThat(isOut(0)).isTrue();
        clock.advance(Duration.ofSeconds(5));
        assertThat(isOut(0)).isFalse();
    }

    @Test
    void takesAllInAgainAndLeavesNoTaskBehindWhenItCloses() {
        OutlierDetector detector = detector(Ejection.DEFAULT, 4);
        fail(0);

        detector.close();
        fail(1);

        assertThat(members).noneMatch(state -> state.standing().exclusion().isActive());
        assertThat(control.pendingTasks()).isZero();
    }

    @Test
    void takesOverWhoComesAndWhoGoesWithoutBeingToldOfTheRest() {
        OutlierDetector detector = detector(Ejection.DEFAULT, 4);
        EndpointState fifth = new EndpointState(Endpoint.of("10.0.0.5", 80), Tuning.DEFAULT, clock::nanos, state -> {});
        members.add(fifth);

        detector.change(List.of(fifth), List.of(members.get(0)));

        fail(0);
        assertThat(isOut(0)).isFalse();
        fail(4);
        assertThat(isOut(4)).isTrue();
    }
}
