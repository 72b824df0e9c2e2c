package io.lb4j.testkit.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until the test moves it: wall-clock time as a {@link Clock}, monotonic time as
 * {@link #nanos}, and the alarms of every {@link FakeScheduler} made over it.
 *
 * <p>{@link #advance} rings the alarms on the calling thread, one after the other in the order of their times, and each
 * of them sees the time it was set for. Thread-safe; but {@code advance} is for one thread at a time.
 */
public final class FakeClock extends Clock {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Timeline timeline;
    private final ZoneId zone;

    private FakeClock(Timeline timeline, ZoneId zone) {
        this.timeline = timeline;
        this.zone = zone;
    }

    /**
     * A clock that shows 2026-01-01T00:00:00Z.
     *
     * @return standing still, in UTC
     */
    public static FakeClock create() {
        return startingAt(START);
    }

    /**
     * A clock that shows a chosen instant.
     *
     * @param start the time to begin with
     * @return standing still, in UTC
     */
    public static FakeClock startingAt(Instant start) {
        return new FakeClock(new Timeline(start), ZoneOffset.UTC);
    }

    /**
     * Moves on, and rings what falls due on the way, alarms set by other alarms included.
     *
     * @param step zero rings only what is due already
     * @throws IllegalArgumentException if {@code step} is negative
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("step: " + step + " (expected: >= 0)");
        }
        long target = timeline.nanos() + step.toNanos();
        Optional<Alarm> due = timeline.next(target);
        while (due.isPresent()) {
            due.get().task.run();
            due = timeline.next(target);
        }
        timeline.reach(target);
    }

    /**
     * Monotonic time, in place of {@link System#nanoTime}.
     *
     * @return nanoseconds since this clock was made
     */
    public long nanos() {
        return timeline.nanos();
    }

    /**
     * {@link #nanos} as a function.
     *
     * @return a view of this clock
     */
    public LongSupplier nanoSource() {
        return this::nanos;
    }

    @Override
    public Instant instant() {
        return timeline.start.plusNanos(timeline.nanos());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Shares the time with this clock: both move together. */
    @Override
    public Clock withZone(ZoneId other) {
        return new FakeClock(timeline, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FakeClock that && timeline == that.timeline && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(timeline);
    }

    @Override
    public String toString() {
        return "FakeClock[" + instant() + "]";
    }

    /** Sets an alarm; one that is due already rings at the next {@link #advance}. */
    Alarm at(long dueNanos, Runnable task) {
        return timeline.add(dueNanos, task);
    }

    void cancel(Alarm alarm) {
        timeline.remove(alarm);
    }

    /** A task and its time. Compared by time, then by the order in which the alarms were set. */
    record Alarm(long dueNanos, long order, Runnable task) {}

    private static final class Timeline {
        private final Instant start;
        private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(
                Comparator.comparingLong(Alarm::dueNanos).thenComparingLong(Alarm::order)); // guarded by this
        private long nowNanos; // guarded by this
        private long orders; // guarded by this

        Timeline(Instant start) {
            this.start = start;
        }

        synchronized long nanos() {
            return nowNanos;
        }

        synchronized void reach(long nanos) {
            nowNanos = Math.max(nowNanos, nanos);
        }

        synchronized Alarm add(long dueNanos, Runnable task) {
            Alarm alarm = new Alarm(dueNanos, orders++, task);
            alarms.add(alarm);
            return alarm;
        }

        synchronized void remove(Alarm alarm) {
            alarms.remove(alarm);
        }

        /** Takes the next alarm that is due by then, and moves on to its time. */
        synchronized Optional<Alarm> next(long target) {
            Alarm first = alarms.peek();
            if (first == null || first.dueNanos > target) {
                return Optional.empty();
            }
            reach(first.dueNanos);
            return Optional.ofNullable(alarms.poll());
        }
    }
}
