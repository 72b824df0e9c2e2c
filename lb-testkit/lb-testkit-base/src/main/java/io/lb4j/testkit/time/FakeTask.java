package io.lb4j.testkit.time;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One task of a {@link FakeScheduler}. Thread-safe. */
final class FakeTask<V extends @Nullable Object> extends FutureTask<V> implements ScheduledFuture<V> {
    private final FakeScheduler scheduler;
    private final Repeat repeat;
    private Optional<FakeClock.Alarm> alarm = Optional.empty(); // guarded by this
    private long dueNanos; // guarded by this

    FakeTask(FakeScheduler scheduler, Callable<V> work, long dueNanos, Repeat repeat) {
        super(work);
        this.scheduler = scheduler;
        this.dueNanos = dueNanos;
        this.repeat = repeat;
    }

    static FakeTask<@Nullable Object> once(FakeScheduler scheduler, Runnable work, long dueNanos) {
        return repeating(scheduler, work, dueNanos, Repeat.NEVER);
    }

    static FakeTask<@Nullable Object> repeating(FakeScheduler scheduler, Runnable work, long dueNanos, Repeat repeat) {
        Callable<@Nullable Object> callable = () -> {
            work.run();
            return null;
        };
        return new FakeTask<>(scheduler, callable, dueNanos, repeat);
    }

    synchronized void setAlarm() {
        alarm = Optional.of(scheduler.clock().at(dueNanos, this::ring));
    }

    boolean isPeriodic() {
        return repeat.kind != Repeat.Kind.NEVER;
    }

    /** Takes the alarm away, but does not cancel: for tasks that are handed back to who shuts down. */
    synchronized void drop() {
        alarm.ifPresent(scheduler.clock()::cancel);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        drop();
        scheduler.remove(this);
        return cancelled;
    }

    @Override
    public synchronized long getDelay(TimeUnit unit) {
        return unit.convert(dueNanos - scheduler.clock().nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    private void ring() {
        scheduler.remove(this);
        if (!isPeriodic()) {
            run();
            return;
        }
        // runAndReset is false after an exception or a cancellation: both end the series, as the JDK has it.
        if (runAndReset()) {
            next();
            if (!scheduler.again(this)) {
                super.cancel(false);
            }
        }
    }

    private synchronized void next() {
        dueNanos = repeat.kind == Repeat.Kind.AT_RATE
                ? dueNanos + repeat.nanos
                : scheduler.clock().nanos() + repeat.nanos;
    }

    /** Whether and when the task runs again. */
    record Repeat(Kind kind, long nanos) {
        static final Repeat NEVER = new Repeat(Kind.NEVER, 0);

        static Repeat atRate(long nanos) {
            return new Repeat(Kind.AT_RATE, positive(nanos));
        }

        static Repeat afterDelay(long nanos) {
            return new Repeat(Kind.AFTER_DELAY, positive(nanos));
        }

        private static long positive(long nanos) {
            if (nanos <= 0) {
                throw new IllegalArgumentException("period: " + nanos + " ns (expected: > 0)");
            }
            return nanos;
        }

        enum Kind {
            NEVER,
            AT_RATE,
            AFTER_DELAY
        }
    }
}
