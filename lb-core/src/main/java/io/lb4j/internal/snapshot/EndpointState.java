package io.lb4j.internal.snapshot;

import io.lb4j.model.Endpoint;
import io.lb4j.spi.Candidate;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one address of one cluster: its load, its record, and whether it may be used. It outlives snapshots: while the
 * address stays in the cluster, so does this object, and connections and statistics may be kept by it.
 *
 * <p>Thread-safe and lock-free. {@link #begin}, {@link #end} and the figures of {@link Candidate} are for the event loops and
 * allocate nothing. What changes the {@link #standing()} is called on the control thread only, and tells the {@link Owner}.
 */
public final class EndpointState implements Candidate {
    private static final AtomicIntegerFieldUpdater<EndpointState> IN_FLIGHT =
            AtomicIntegerFieldUpdater.newUpdater(EndpointState.class, "inFlight");
    private static final AtomicIntegerFieldUpdater<EndpointState> CONSECUTIVE_FAILURES =
            AtomicIntegerFieldUpdater.newUpdater(EndpointState.class, "consecutiveFailures");
    private static final AtomicLongFieldUpdater<EndpointState> SUCCEEDED =
            AtomicLongFieldUpdater.newUpdater(EndpointState.class, "succeeded");
    private static final AtomicLongFieldUpdater<EndpointState> FAILED =
            AtomicLongFieldUpdater.newUpdater(EndpointState.class, "failed");
    private static final AtomicLongFieldUpdater<EndpointState> LATENCY =
            AtomicLongFieldUpdater.newUpdater(EndpointState.class, "latency");

    private final LongSupplier clock;
    private final Owner owner;
    private final Traffic traffic;

    private volatile int inFlight;
    private volatile int consecutiveFailures;
    private volatile long succeeded;
    private volatile long failed;
    private volatile long latency = PeakEwma.NONE; // what PeakEwma makes of it

    // Written on the control thread only:
    private volatile Standing standing;
    private volatile PeakEwma average;
    private volatile SlowStart slowStart;
    private volatile @Nullable FailureWatch failureWatch;

    /** Hears of changes: whoever holds the members of the cluster. */
    @FunctionalInterface
    public interface Owner {
        /** The standing of a member has changed. On the control thread. */
        void onChange(EndpointState state);

        /** What the standing of a member was before it changed. On the control thread, before {@link #onChange}. */
        default void onStanding(EndpointState state, Standing before) {}

        /** Returns new books for a member. By default none are kept. */
        default Traffic newTraffic() {
            return Traffic.NONE;
        }
    }

    private record FailureWatch(int threshold, Consumer<EndpointState> alarm) {}

    /**
     * Creates the state of an endpoint that is warm and of which nothing is known.
     *
     * @param clock the present in nanoseconds, {@link System#nanoTime()} in earnest
     */
    public EndpointState(Endpoint endpoint, Tuning tuning, LongSupplier clock, Owner owner) {
        this.traffic = owner.newTraffic();
        this.clock = clock;
        this.owner = owner;
        standing = new Standing(endpoint, Health.UNKNOWN, Exclusion.NONE, Orders.NONE, false, OptionalLong.empty());
        average = new PeakEwma(tuning.latencyDecay());
        slowStart = tuning.slowStart();
    }

    /** Returns the endpoint's books. */
    public Traffic traffic() {
        return traffic;
    }

    /** Counts a try that begins. {@link #end} must follow, once. */
    public void begin() {
        IN_FLIGHT.incrementAndGet(this);
    }

    /**
     * Counts a try that has ended.
     *
     * @param latencyNanos the time that the endpoint took to answer, or until the try failed or was given up
     */
    public void end(Outcome outcome, long latencyNanos) {
        IN_FLIGHT.decrementAndGet(this);
        if (outcome == Outcome.SUCCESS) {
            SUCCEEDED.incrementAndGet(this);
            if (consecutiveFailures != 0) {
                consecutiveFailures = 0;
            }
        } else if (outcome.isFailure()) {
            FAILED.incrementAndGet(this);
            countFailure();
        }
        observe(outcome, latencyNanos);
    }

    private void countFailure() {
        int failures = CONSECUTIVE_FAILURES.incrementAndGet(this);
        FailureWatch watch = failureWatch;
        if (watch != null && failures == watch.threshold) {
            watch.alarm.accept(this);
        }
    }

    private void observe(Outcome outcome, long latencyNanos) {
        PeakEwma rule = average;
        long now = clock.getAsLong();
        while (true) {
            long before = latency;
            long after = switch (outcome) {
                case SUCCESS -> rule.observe(before, latencyNanos, now);
                case CANCELLED -> rule.observeAtLeast(before, latencyNanos, now);
                default -> rule.observeFailure(before, latencyNanos, now);
            };
            if (after == before || LATENCY.compareAndSet(this, before, after)) {
                return;
            }
        }
    }

    @Override
    public Endpoint endpoint() {
        return standing.endpoint();
    }

    @Override
    public double weight() {
        Standing current = standing;
        OptionalLong since = current.usableSinceNanos();
        double share = since.isEmpty() ? 1 : slowStart.share(clock.getAsLong() - since.getAsLong());
        return current.baseWeight() * share;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public double latencyNanos(long nowNanos) {
        return average.valueAt(latency, nowNanos);
    }

    /** Returns how many tries have succeeded since the endpoint arrived. */
    public long succeeded() {
        return succeeded;
    }

    /** Returns how many tries have failed since the endpoint arrived. */
    public long failed() {
        return failed;
    }

    /** Returns how many tries have failed since the last one that succeeded. */
    public int consecutiveFailures() {
        return consecutiveFailures;
    }

    /** Returns whether the endpoint may be used, and why. */
    public Standing standing() {
        return standing;
    }

    /** Returns whether its weight is still growing. */
    public boolean isWarming() {
        OptionalLong since = standing.usableSinceNanos();
        return since.isPresent() && slowStart.isWarming(clock.getAsLong() - since.getAsLong());
    }

    /** Takes over a new description of the same address. */
    public void describe(Endpoint endpoint) {
        if (endpoint.equals(standing.endpoint())) {
            return; // before anything is made: this is called for each of thousands whenever one comes or goes
        }
        change(standing.with(endpoint));
    }

    /** Takes over another tuning. */
    public void tune(Tuning tuning) {
        average = new PeakEwma(tuning.latencyDecay());
        slowStart = tuning.slowStart();
    }

    /** Begins the slow start, for an endpoint that arrives among others. */
    public void warmUp() {
        change(standing.usableSince(clock.getAsLong()));
    }

    /** Takes over what active checks say. */
    public void health(Health health) {
        change(standing.with(health));
    }

    /** Takes the endpoint out for some time; {@link #readmit} must follow. */
    public void eject(long untilNanos) {
        change(standing.with(standing.exclusion().begin(untilNanos)));
    }

    /** Takes the endpoint in again after an ejection. Its failures before are no longer counted as consecutive. */
    public void readmit() {
        consecutiveFailures = 0;
        change(standing.with(standing.exclusion().end()));
    }

    /** Holds one ejection less against the endpoint. */
    public void forgive() {
        change(standing.with(standing.exclusion().forgiveOne()));
    }

    /** Takes over what an operator has ordered. */
    public void order(Orders orders) {
        change(standing.with(orders));
    }

    /** Marks the endpoint as no longer named by its source. For good: an address that comes back gets a new state. */
    public void leave() {
        change(standing.leaving());
    }

    /**
     * Sets who is told when so many tries in a row have failed.
     *
     * @param threshold at least 1
     * @param alarm called on the event loop where the try failed; must not throw
     */
    public void watchFailures(int threshold, Consumer<EndpointState> alarm) {
        failureWatch = new FailureWatch(threshold, alarm);
    }

    /** Tells nobody any longer. */
    public void unwatchFailures() {
        failureWatch = null;
    }

    private void change(Standing next) {
        Standing before = standing;
        if (next.equals(before)) {
            return;
        }
        boolean recovers = !before.isUsable() && next.isUsable();
        standing = recovers ? next.usableSince(clock.getAsLong()) : next;
        owner.onStanding(this, before);
        owner.onChange(this);
    }

    /** Returns the address. */
    @Override
    public String toString() {
        return standing.endpoint().address();
    }
}
