package io.lb4j.internal.control;

import io.lb4j.spi.PluginContext;
import io.lb4j.stats.DependencyStatistics;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Something that a plugin depends on, and what the plugin said of it last. Thread-safe. */
final class PluginNeed implements PluginContext.Dependency {
    private static final int LONGEST = 500;

    private final AtomicReference<DependencyStatistics> state =
            new AtomicReference<>(new DependencyStatistics(Optional.empty(), Instant.now()));

    @Override
    public void well() {
        DependencyStatistics before = state.get();
        if (!before.isWell()) {
            state.compareAndSet(
                    before,
                    new DependencyStatistics(Optional.empty(), Instant.now())); // else: somebody else knows more
        }
    }

    @Override
    public void troubled(String what) {
        Optional<String> trouble = Optional.of(what.length() > LONGEST ? what.substring(0, LONGEST) : what);
        state.updateAndGet(
                before -> new DependencyStatistics(trouble, before.isWell() ? Instant.now() : before.since()));
    }

    DependencyStatistics statistics() {
        return state.get();
    }
}
