package io.lb4j.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Health;
import io.lb4j.internal.snapshot.Outcome;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.model.Endpoint;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ActiveHealthTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final ActiveCheck STEADY =
            new ActiveCheck(INTERVAL, 0, Duration.ofSeconds(2), 2, 3, Optional.empty());

    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final EndpointState state = state(1);
    private final ScriptedProber prober = new ScriptedProber();

    private EndpointState state(int number) {
        Endpoint endpoint = Endpoint.of("10.0." + number / 250 + "." + number % 250, 80);
        return new EndpointState(endpoint, Tuning.DEFAULT, clock::nanos, changed -> {});
    }

    /** Answers checks at once, as told, or leaves them open. */
    private static final class ScriptedProber implements Prober {
        private final List<Endpoint> begun = new ArrayList<>();
        private Optional<Result> answer = Optional.of(Result.passed("fine"));
        private Optional<Consumer<Result>> open = Optional.empty();
        private int cancelled;

        @Override
        public Probe begin(Endpoint endpoint, Consumer<Result> report) {
            begun.add(endpoint);
            answer.ifPresent(report);
            open = Optional.of(report);
            return () -> cancelled++;
        }

        void pass() {
            answer = Optional.of(Result.passed("fine"));
        }

        void fail() {
            answer = Optional.of(Result.failed("status 503"));
        }

        void stall() {
            answer = Optional.empty();
        }
    }

    private ActiveHealth start(ActiveCheck check, EndpointState... members) {
        return start("api", check, members);
    }

    private ActiveHealth start(String cluster, ActiveCheck check, EndpointState... members) {
        ActiveHealth health = new ActiveHealth(cluster, new ActiveHealth.Plan(check, prober), control);
        health.update(List.of(members));
        control.runDue();
        return health;
    }

    private void awaitChecks(int count) {
        int wanted = prober.begun.size() + count;
        while (prober.begun.size() < wanted) {
            clock.advance(Duration.ofMillis(1));
        }
        control.runDue();
    }

    @Test
    void checksAtOnceAndBelievesTheFirstResult() {
        start(STEADY, state);

        assertThat(state.standing().health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void believesTheFirstResultAlsoWhenItIsBad() {
        prober.fail();

        start(STEADY, state);

        assertThat(state.standing().health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void makesAnEndpointUnhealthyAfterFailuresInARow() {
        start(STEADY, state);
        prober.fail();

        awaitChecks(2);
        assertThat(state.standing().health()).isEqualTo(Health.HEALTHY);
        awaitChecks(1);

        assertThat(state.standing().health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void beginsToCountAnewAfterAResultInBetween() {
        start(STEADY, state);
        prober.fail();
        awaitChecks(2);
        prober.pass();
        awaitChecks(1);
        prober.fail();

        awaitChecks(2);

        assertThat(state.standing().health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void makesAnEndpointHealthyAfterSuccessesInARow() {
        prober.fail();
        start(STEADY, state);
        prober.pass();

        awaitChecks(1);
        assertThat(state.standing().health()).isEqualTo(Health.UNHEALTHY);
        awaitChecks(1);

        assertThat(state.standing().health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void takesSilenceForAFailureAndGivesTheCheckUp() {
        prober.stall();
        start(STEADY, state);

        clock.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(state.standing().health()).isEqualTo(Health.UNKNOWN);
        clock.advance(Duration.ofNanos(1));

        assertThat(state.standing().health()).isEqualTo(Health.UNHEALTHY);
        assertThat(prober.cancelled).isEqualTo(1);
    }

    @Test
    void ignoresAResultThatComesTooLate() {
        prober.stall();
        start(STEADY, state);
        Consumer<Prober.Result> late = prober.open.orElseThrow();
        clock.advance(Duration.ofSeconds(2));

        late.accept(Prober.Result.passed("fine"));
        late.accept(Prober.Result.passed("fine"));
        control.runDue();

        assertThat(state.standing().health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void takesAProberThatThrowsForAFailure() {
        ActiveHealth health = new ActiveHealth(
                "api",
                new ActiveHealth.Plan(STEADY, (endpoint, report) -> {
                    throw new IllegalStateException("on purpose");
                }),
                control);

        health.update(List.of(state));
        control.runDue();

        assertThat(state.standing().health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void setsTheSecondCheckApartAndKeepsTheIntervalFromThenOn() {
        start(STEADY, state);
        long first = clock.nanos();
        awaitChecks(1);
        long second = clock.nanos();
        awaitChecks(1);
        long third = clock.nanos();

        assertThat(second - first).isBetween(0L, INTERVAL.toNanos());
        assertThat(third - second).isBetween(INTERVAL.toNanos() - 1_000_000, INTERVAL.toNanos() + 1_000_000);
    }

    @Test
    void variesTheIntervalByTheJitter() {
        start(new ActiveCheck(INTERVAL, 0.2, Duration.ofSeconds(2), 2, 3, Optional.empty()), state);
        awaitChecks(1);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            long before = clock.nanos();
            awaitChecks(1);
            pauses.add((clock.nanos() - before) / 1_000_000);
        }

        assertThat(pauses).allSatisfy(millis -> assertThat(millis).isBetween(3999L, 6001L));
        assertThat(pauses).anyMatch(millis -> millis < 4900).anyMatch(millis -> millis > 5100);
    }

    @Test
    void checksLessOftenWhatIsHealthyAndIdle() {
        start(new ActiveCheck(INTERVAL, 0, Duration.ofSeconds(2), 2, 3, Optional.of(Duration.ofMinutes(1))), state);
        awaitChecks(1);
        int before = prober.begun.size();

        clock.advance(Duration.ofMinutes(10));

        assertThat(prober.begun.size() - before).isEqualTo(10);
    }

    @Test
    void checksAsOftenAsEverWhatHasTraffic() {
        start(new ActiveCheck(INTERVAL, 0, Duration.ofSeconds(2), 2, 3, Optional.of(Duration.ofMinutes(1))), state);
        state.begin();
        state.end(Outcome.SUCCESS, 1);
        awaitChecks(1);
        int before = prober.begun.size();

        clock.advance(INTERVAL);

        assertThat(prober.begun.size() - before).isEqualTo(1);
    }

    @Test
    void checksAsOftenAsEverWhatIsUnhealthy() {
        prober.fail();
        start(new ActiveCheck(INTERVAL, 0, Duration.ofSeconds(2), 2, 3, Optional.of(Duration.ofMinutes(1))), state);
        awaitChecks(1);
        int before = prober.begun.size();

        clock.advance(INTERVAL.multipliedBy(10));

        assertThat(prober.begun.size() - before).isEqualTo(10);
    }

    @Test
    void doesNotCheckThousandsAtTheSameMoment() {
        EndpointState[] many = new EndpointState[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = state(i);
        }

        start(STEADY, many);
        assertThat(prober.begun).hasSize(64);
        clock.advance(Duration.ofMillis(160));

        assertThat(prober.begun.stream().distinct()).hasSize(1000);
    }

    @Test
    void endsTheChecksOfAMemberThatLeaves() {
        ActiveHealth health = start(STEADY, state);
        prober.stall();
        awaitChecks(1);

        health.update(List.of());

        assertThat(prober.cancelled).isEqualTo(2); // the one that had ended by then, too
        assertThat(control.pendingTasks()).isZero();
    }

    @Test
    void keepsWhatWasFoundWhenThePlanChanges() {
        ActiveHealth health = start(STEADY, state);
        ScriptedProber other = new ScriptedProber();
        other.fail();

        health.configure(new ActiveHealth.Plan(STEADY, other));
        control.runDue();

        assertThat(other.begun).hasSize(1);
        assertThat(state.standing().health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void knowsNothingAnyMoreWhenItCloses() {
        ActiveHealth health = start(STEADY, state);

        health.close();

        assertThat(state.standing().health()).isEqualTo(Health.UNKNOWN);
        assertThat(control.pendingTasks()).isZero();
    }

    @Test
    void logsEachTransitionOnceWithItsReason() {
        Logger logger = (Logger) LoggerFactory.getLogger(EndpointChecks.class);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
        try {
            start("logged", STEADY, state);
            prober.fail();
            awaitChecks(6);
            prober.pass();
            awaitChecks(4);
        } finally {
            logger.setLevel(null);
            logger.detachAppender(appender);
        }

        assertThat(appender.list)
                .extracting(event -> event.getLevel() + " " + event.getFormattedMessage())
                .containsExactly(
                        "INFO cluster logged: 10.0.0.1:80 is healthy: fine",
                        "WARN cluster logged: 10.0.0.1:80 is unhealthy: status 503",
                        "INFO cluster logged: 10.0.0.1:80 is healthy: fine");
    }
}
