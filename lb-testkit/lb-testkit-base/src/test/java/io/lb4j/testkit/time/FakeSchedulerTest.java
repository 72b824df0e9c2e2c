package io.lb4j.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FakeSchedulerTest {
    private final FakeClock clock = FakeClock.startingAt(Instant.EPOCH);
    private final FakeScheduler scheduler = FakeScheduler.over(clock);
    private final List<String> ran = new ArrayList<>();

    private Runnable note(String name) {
        return () -> ran.add(name + "@" + Duration.ofNanos(clock.nanos()).toSeconds());
    }

    @Test
    void theClockStandsStillUntilItIsMoved() {
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
        clock.advance(Duration.ofMillis(1500));

        assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(1500));
        assertThat(clock.nanos()).isEqualTo(1_500_000_000L);
        assertThat(clock.nanoSource().getAsLong()).isEqualTo(clock.nanos());
        assertThat(clock.withZone(ZoneId.of("Europe/Paris")).millis()).isEqualTo(1500);
    }

    @Test
    void theClockNeverGoesBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: >= 0");
    }

    @Test
    void runsTasksInTheOrderOfTheirTimesAndShowsThemTheirTime() {
        scheduler.schedule(note("late"), 3, TimeUnit.SECONDS);
        scheduler.schedule(note("first"), 1, TimeUnit.SECONDS);
        scheduler.schedule(note("second"), 1, TimeUnit.SECONDS);
        clock.advance(Duration.ofSeconds(5));

        assertThat(ran).containsExactly("first@1", "second@1", "late@3");
        assertThat(clock.nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void runsNothingBeforeItsTime() {
        ScheduledFuture<?> task = scheduler.schedule(note("a"), 2, TimeUnit.SECONDS);
        clock.advance(Duration.ofSeconds(2).minusNanos(1));

        assertThat(ran).isEmpty();
        assertThat(task.getDelay(TimeUnit.NANOSECONDS)).isEqualTo(1);
        assertThat(scheduler.untilNext()).contains(Duration.ofNanos(1));
    }

    @Test
    void runsTasksThatTasksScheduleOnTheWay() {
        scheduler.schedule(
                () -> {
                    scheduler.schedule(note("inner"), 1, TimeUnit.SECONDS);
                },
                1,
                TimeUnit.SECONDS);
        clock.advance(Duration.ofSeconds(2));

        assertThat(ran).containsExactly("inner@2");
    }

    @Test
    void runsSubmittedTasksWhenWhatIsDueRuns() throws Exception {
        Future<String> result = scheduler.submit(() -> "done");
        assertThat(result.isDone()).isFalse();
        scheduler.runDue();

        assertThat(result.get()).isEqualTo("done");
        assertThat(scheduler.pendingTasks()).isZero();
    }

    @Test
    void repeatsAtAFixedRateUntilCancelled() {
        ScheduledFuture<?> task = scheduler.scheduleAtFixedRate(note("tick"), 1, 2, TimeUnit.SECONDS);
        clock.advance(Duration.ofSeconds(6));
        task.cancel(false);
        clock.advance(Duration.ofSeconds(6));

        assertThat(ran).containsExactly("tick@1", "tick@3", "tick@5");
        assertThat(task.isCancelled()).isTrue();
        assertThat(scheduler.pendingTasks()).isZero();
    }

    @Test
    void anExceptionEndsASeries() {
        AtomicInteger runs = new AtomicInteger();
        ScheduledFuture<?> task = scheduler.scheduleWithFixedDelay(
                () -> {
                    runs.incrementAndGet();
                    throw new IllegalStateException("once");
                },
                1,
                1,
                TimeUnit.SECONDS);
        clock.advance(Duration.ofSeconds(5));

        assertThat(runs).hasValue(1);
        assertThatThrownBy(task::get).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void cancelledTasksNeverRun() {
        scheduler.schedule(note("a"), 1, TimeUnit.SECONDS).cancel(true);
        clock.advance(Duration.ofSeconds(2));

        assertThat(ran).isEmpty();
    }

    @Test
    void shutdownLetsDelayedTasksRunAndEndsPeriodicOnes() {
        scheduler.schedule(note("delayed"), 1, TimeUnit.SECONDS);
        scheduler.scheduleAtFixedRate(note("periodic"), 1, 1, TimeUnit.SECONDS);
        scheduler.shutdown();
        assertThat(scheduler.isTerminated()).isFalse();
        clock.advance(Duration.ofSeconds(3));

        assertThat(ran).containsExactly("delayed@1");
        assertThat(scheduler.isTerminated()).isTrue();
        assertThatThrownBy(() -> scheduler.execute(note("no"))).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void shutdownNowHandsBackWhatHasNotRun() {
        scheduler.schedule(note("a"), 1, TimeUnit.SECONDS);
        List<Runnable> dropped = scheduler.shutdownNow();
        clock.advance(Duration.ofSeconds(3));

        assertThat(dropped).hasSize(1);
        assertThat(ran).isEmpty();
        assertThat(scheduler.awaitTermination(1, TimeUnit.SECONDS)).isTrue();
    }
}
