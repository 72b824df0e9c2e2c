package io.lb4j.internal.control;

import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.PluginContext;
import io.lb4j.stats.DependencyStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that a plugin depends on, and what the plugin said of it last. Trouble is logged and told to observers once, and its end once it has been well for a while: what comes and goes with every exchange is not
 * told of each time. Thread-safe.
 */
final class PluginNeed implements PluginContext.Dependency {
    /** How long it has to be well before that is told. */
    static final Duration SETTLED = Duration.ofSeconds(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(PluginNeed.class);
    private static final int LONGEST = 500;

    private final String name;
    private final Owner owner;
    private final AtomicReference<State> state;
    private final AtomicBoolean looking = new AtomicBoolean(); // the control thread is about to look
    private @Nullable State told; // the trouble that observers know of; confined to the control thread

    private record State(DependencyStatistics shown, long sinceNanos) {}

    /**
     * Whose it is.
     *
     * @param place where the plugin was declared
     * @param inForce whether the plugin is: only then anything is told
     */
    record Owner(String place, BooleanSupplier inForce, ControlContext control) {}

    PluginNeed(String name, Owner owner) {
        this.name = name;
        this.owner = owner;
        state = new AtomicReference<>(state(Optional.empty()));
    }

    private State state(Optional<String> trouble) {
        return new State(
                new DependencyStatistics(trouble, Instant.now()),
                owner.control().clock().getAsLong());
    }

    @Override
    public void well() {
        State before = state.get();
        // Where somebody else has said something meanwhile, that somebody knows more.
        if (!before.shown().isWell() && state.compareAndSet(before, state(Optional.empty()))) {
            look();
        }
    }

    @Override
    public void troubled(String what) {
        State fresh = state(Optional.of(what.length() > LONGEST ? what.substring(0, LONGEST) : what));
        State last = state.getAndUpdate(before -> before.shown().isWell() ? fresh : since(before, fresh));
        if (last.shown().isWell()) {
            look();
        }
    }

    private static State since(State before, State fresh) {
        return new State(
                new DependencyStatistics(fresh.shown().trouble(), before.shown().since()), before.sinceNanos());
    }

    DependencyStatistics statistics() {
        return state.get().shown();
    }

    /** Has the control thread look how it is. */
    void look() {
        if (owner.inForce().getAsBoolean() && !looking.getAndSet(true)) {
            later(0);
        }
    }

    private void later(long nanos) {
        try {
            owner.control().executor().schedule(this::sequentialLook, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            LOGGER.debug("plugin {}: nobody is told of {} any more", owner.place(), name);
        }
    }

    private void sequentialLook() {
        looking.set(false); // from here on whoever changes it has it looked at again
        State now = state.get();
        if (owner.inForce().getAsBoolean()) {
            now.shown()
                    .trouble()
                    .ifPresentOrElse(trouble -> sequentialTellTrouble(now, trouble), () -> sequentialTellEnd(now));
        }
    }

    private void sequentialTellTrouble(State now, String trouble) {
        if (told == null) {
            told = now;
            LOGGER.warn("plugin {} is degraded: {}: {}", owner.place(), name, trouble);
            owner.control().events().accept(new ControlEvent.PluginDegraded(owner.place(), name, trouble));
        }
    }

    private void sequentialTellEnd(State now) {
        State trouble = told;
        if (trouble == null) {
            return;
        }
        long left =
                now.sinceNanos() + SETTLED.toNanos() - owner.control().clock().getAsLong();
        if (left > 0) {
            if (!looking.getAndSet(true)) {
                later(left);
            }
            return;
        }
        told = null;
        Duration time = Duration.ofNanos(now.sinceNanos() - trouble.sinceNanos());
        LOGGER.info("plugin {} has recovered: {} is well again, after {} s", owner.place(), name, time.toSeconds());
        owner.control().events().accept(new ControlEvent.PluginRecovered(owner.place(), name, time));
    }
}
