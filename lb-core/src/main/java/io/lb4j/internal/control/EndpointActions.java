package io.lb4j.internal.control;

import io.lb4j.internal.observe.Taps;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.spi.Actions;
import io.lb4j.spi.Tap;
import io.lb4j.stats.AccessRecord;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What an operator does; to endpoints, on the control thread. Thread-safe. */
final class EndpointActions implements Actions {
    private static final int MAX_WEIGHT = 1_000_000;

    private final Map<String, ClusterRuntime> clusters;
    private final ControlContext context;
    private final Taps taps;

    EndpointActions(Map<String, ClusterRuntime> clusters, ControlContext context, Taps taps) {
        this.clusters = clusters;
        this.context = context;
        this.taps = taps;
    }

    @Override
    public boolean drain(String cluster, String address) {
        return order(
                cluster, address, state -> state.order(state.standing().orders().withDraining(true)));
    }

    @Override
    public boolean restore(String cluster, String address) {
        return order(cluster, address, state -> {
            state.order(state.standing().orders().withDraining(false).withEjected(false));
            state.readmit();
        });
    }

    @Override
    public boolean eject(String cluster, String address, Duration time) {
        return order(cluster, address, state -> {
            state.order(state.standing().orders().withEjected(true));
            context.executor()
                    .schedule(
                            () -> state.order(state.standing().orders().withEjected(false)),
                            time.toNanos(),
                            TimeUnit.NANOSECONDS);
        });
    }

    @Override
    public boolean weight(String cluster, String address, int weight) {
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0.." + MAX_WEIGHT + ")");
        }
        return order(
                cluster, address, state -> state.order(state.standing().orders().withWeight(OptionalInt.of(weight))));
    }

    @Override
    public Tap tap(Predicate<? super AccessRecord> filter, int perSecond) {
        return taps.open(filter, perSecond);
    }

    private boolean order(String cluster, String address, Consumer<EndpointState> order) {
        try {
            // Event loops see the change with the control thread's next task: the one behind that finds it in force.
            return CompletableFuture.supplyAsync(() -> sequentialOrder(cluster, address, order), context.executor())
                    .thenApplyAsync(found -> found, context.executor())
                    .join();
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("balancer: closed (expected: serving)", e);
        }
    }

    private boolean sequentialOrder(String cluster, String address, Consumer<EndpointState> order) {
        ClusterRuntime runtime = clusters.get(cluster);
        Optional<EndpointState> member = runtime == null ? Optional.empty() : runtime.member(address);
        member.ifPresent(order);
        return member.isPresent();
    }
}
