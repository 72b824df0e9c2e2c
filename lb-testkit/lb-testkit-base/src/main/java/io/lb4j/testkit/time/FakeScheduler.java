package io.lb4j.testkit.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An executor that runs nothing by itself: its tasks run on the thread that calls {@link FakeClock#advance}, in the order
 * of their times. A task handed to {@code execute} or {@code submit} is due at once, and runs at the next
 * {@code advance} (zero will do).
 *
 * <p>After {@code shutdown}, delayed tasks still run and periodic ones do not, as with the JDK's executor. Methods that
 * wait for a result ({@code invokeAll}, {@code invokeAny}) would wait for ever. Thread-safe.
 */
public final class FakeScheduler extends AbstractExecutorService implements ScheduledExecutorService {
    private final FakeClock clock;
    private final Set<FakeTask<?>> pending = new LinkedHashSet<>(); // guarded by this
    private boolean shutdown; // guarded by this

    private FakeScheduler(FakeClock clock) {
        this.clock = clock;
    }

    /**
     * A scheduler over a clock; several may share one.
     *
     * @param clock moves the tasks
     * @return without tasks
     */
    public static FakeScheduler over(FakeClock clock) {
        return new FakeScheduler(clock);
    }

    /** Runs what is due now, without moving the clock. */
    public void runDue() {
        clock.advance(Duration.ZERO);
    }

    /**
     * How many tasks wait for their time.
     *
     * @return a periodic task counts as one
     */
    public synchronized int pendingTasks() {
        return pending.size();
    }

    /**
     * How long until the next task is due.
     *
     * @return empty if no task waits
     */
    public synchronized Optional<Duration> untilNext() {
        return pending.stream()
                .map(task -> Duration.ofNanos(task.getDelay(TimeUnit.NANOSECONDS)))
                .min(Duration::compareTo);
    }

    @Override
    public void execute(Runnable command) {
        add(FakeTask.once(this, command, clock.nanos()));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(FakeTask.once(this, command, due(delay, unit)));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(new FakeTask<>(this, callable, due(delay, unit), FakeTask.Repeat.NEVER));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        FakeTask.Repeat repeat = FakeTask.Repeat.atRate(unit.toNanos(period));
        return add(FakeTask.repeating(this, command, due(initialDelay, unit), repeat));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        FakeTask.Repeat repeat = FakeTask.Repeat.afterDelay(unit.toNanos(delay));
        return add(FakeTask.repeating(this, command, due(initialDelay, unit), repeat));
    }

    @Override
    public void shutdown() {
        List<FakeTask<?>> periodic;
        synchronized (this) {
            shutdown = true;
            periodic = pending.stream().filter(FakeTask::isPeriodic).toList();
        }
        periodic.forEach(task -> task.cancel(false));
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<FakeTask<?>> dropped;
        synchronized (this) {
            shutdown = true;
            dropped = new ArrayList<>(pending);
            pending.clear();
        }
        dropped.forEach(FakeTask::drop);
        return List.copyOf(dropped);
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutdown && pending.isEmpty();
    }

    /** Does not wait, since only the clock could change the answer. */
    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    FakeClock clock() {
        return clock;
    }

    /** Sets the task's alarm again, unless the scheduler has been shut down. */
    synchronized boolean again(FakeTask<?> task) {
        if (shutdown) {
            return false;
        }
        pending.add(task);
        task.setAlarm();
        return true;
    }

    synchronized void remove(FakeTask<?> task) {
        pending.remove(task);
    }

    private <T extends FakeTask<?>> T add(T task) {
        if (!again(task)) {
            throw new RejectedExecutionException("the scheduler has been shut down");
        }
        return task;
    }

    private long due(long delay, TimeUnit unit) {
        return clock.nanos() + Math.max(0, unit.toNanos(delay));
    }
}
