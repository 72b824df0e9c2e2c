package io.lb4j.internal.control;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Part;
import io.lb4j.internal.filter.ChainEntry;
import io.lb4j.internal.filter.LoopCalls;
import io.lb4j.internal.filter.PluginInstance;
import io.lb4j.internal.filter.PluginLimits;
import io.lb4j.internal.filter.PluginWatch;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.observe.PluginCounters;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.model.PluginUse;
import io.lb4j.model.Route;
import io.lb4j.spi.Plugin;
import io.lb4j.stats.PluginStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins from their start to their end. One that two configurations in a row have stays; one that is new is initialised before anything
 * changes; one that is gone is closed when no exchange is with it any longer. Methods named {@code sequential…} are called on the control thread.
 */
final class PluginTable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PluginTable.class);

    private final ControlContext context;
    private final PluginServices services;
    private final LoopCalls calls;
    private final PluginInstance.Base base;
    private final LeftOutPlugins leftOut;
    private final Set<LivePlugin> live = new LinkedHashSet<>(); // confined to the control thread, as is the watch
    private @Nullable PluginWatch watch;
    private volatile Map<String, LivePlugin> inForce = Map.of(); // by place

    PluginTable(ControlContext context, PluginServices services) {
        this.context = context;
        this.services = services;
        this.calls = new LoopCalls(context.loops().size());
        this.base = new PluginInstance.Base(calls, context.clock(), context.events());
        this.leftOut = new LeftOutPlugins(context);
    }

    /** The plugins of another configuration, ready to be put in force. */
    final class Change {
        private final PluginPlan plan = new PluginPlan();
        private final Map<LivePlugin, PluginLimits> wanted = new HashMap<>();
        private final List<LivePlugin> fresh = new ArrayList<>();
        private final Map<Part, LivePlugin> given = new HashMap<>(); // the same wherever they are used
        private final Map<String, List<LivePlugin>> byPlace = new HashMap<>(); // those that factories have made
        private final Map<String, String> reasons = new HashMap<>(); // by place why a plugin is left out
        private final Faults faults = new Faults();

        private Change() {
            live.forEach(this::index);
        }

        private void index(LivePlugin plugin) {
            if (plugin.isGiven()) {
                given.put(plugin.part, plugin);
            } else {
                byPlace.computeIfAbsent(plugin.instance.place(), any -> new ArrayList<>())
                        .add(plugin);
            }
        }

        PluginPlan plan() {
            return plan;
        }

        private void add(PluginScope scope, PluginUse use) {
            Optional<Part> part = use.use().filter(any -> use.isEnabled());
            if (part.isEmpty()) {
                plan.add(scope, use.name(), Optional.empty());
                return;
            }
            LivePlugin plugin = find(scope, use, part.get());
            if (plugin == null) {
                plan.add(scope, use.name(), Optional.empty());
                return;
            }
            wanted.putIfAbsent(plugin, limits(use));
            plan.add(scope, use.name(), Optional.of(entry(plugin.instance, use)));
        }

        private @Nullable LivePlugin find(PluginScope scope, PluginUse use, Part part) {
            String place = scope.place(use.name());
            LivePlugin same = given.get(part);
            if (same != null && !same.config.equals(use.config())) {
                String expected = "the config that it has at " + same.instance.place() + ", or another object";
                report(place, Fault.Code.CONFLICT, "another config", expected, use);
                return null;
            }
            if (same != null) {
                return same;
            }
            for (LivePlugin known : byPlace.getOrDefault(place, List.of())) {
                if (known.part.equals(part) && known.config.equals(use.config())) {
                    return known;
                }
            }
            return initialised(scope, use, part);
        }

        private @Nullable LivePlugin initialised(PluginScope scope, PluginUse use, Part part) {
            InstanceContext given = new InstanceContext(use.name(), scope, use.config(), context, services);
            try {
                Plugin plugin = part.create(Plugin.class);
                plugin.init(given);
                PluginCounters counters = new PluginCounters(context.loops().size());
                PluginInstance instance = new PluginInstance(given.place(), plugin, counters, limits(use), base);
                LivePlugin made = new LivePlugin(instance, part, given, counters, plugin.version());
                fresh.add(made);
                index(made);
                return made;
            } catch (RuntimeException | LinkageError e) {
                given.close();
                if (!use.isRequired()) {
                    LOGGER.warn("plugin {} cannot be initialised: {}", given.place(), e.getMessage(), stackOf(e));
                    reasons.put(given.place(), LeftOutPlugins.reason(e));
                    return null;
                }
                LOGGER.error("plugin {} cannot be initialised: {}", given.place(), e.getMessage(), stackOf(e));
                String seen = "cannot begin: " + e.getMessage();
                report(given.place(), Fault.Code.INVALID, seen, "what the plugin can work with", use);
                return null;
            }
        }

        /** What is wrong with a configuration is said by the message; anything else is a fault of the plugin's, whose place is of use. */
        private static @Nullable Throwable stackOf(Throwable reason) {
            return reason instanceof IllegalArgumentException && !LOGGER.isDebugEnabled() ? null : reason;
        }

        private void report(String place, Fault.Code code, String seen, String expected, PluginUse use) {
            faults.add(Fault.of(place, code, seen, expected, use.settings().origin(PluginUse.USE)));
        }

        /** Puts the plugins in force; those that are gone stay until {@link PluginTable#sequentialSettle}, once the plan is published. */
        void sequentialCommit() {
            live.addAll(fresh);
            Map<String, LivePlugin> byPlace = new HashMap<>();
            for (LivePlugin plugin : live) {
                PluginLimits limits = wanted.get(plugin);
                plugin.inForce = limits != null;
                if (limits != null) {
                    plugin.instance.limits(limits);
                    byPlace.put(plugin.instance.place(), plugin);
                    sequentialBringBack(plugin);
                }
            }
            inForce = Map.copyOf(byPlace);
            leftOut.sequentialCommit(reasons, byPlace.keySet());
            if (!live.isEmpty() && watch == null) {
                watch = new PluginWatch(calls);
            }
        }

        void discard() {
            fresh.forEach(PluginTable::close);
        }
    }

    /**
     * Initialises the plugins that are new, without changing anything yet.
     *
     * @throws ConfigurationException if one cannot be; it names all of them, and none is left
     */
    Change sequentialPrepare(Configuration configuration) {
        Change change = new Change();
        configuration.plugins().forEach(use -> change.add(PluginScope.GLOBAL, use));
        for (Listener listener : configuration.listeners()) {
            listener.plugins().forEach(use -> change.add(PluginScope.of(listener), use));
        }
        for (Route route : configuration.routes()) {
            route.plugins().forEach(use -> change.add(PluginScope.of(route), use));
        }
        if (!change.faults.isEmpty()) {
            change.discard();
            change.faults.throwIfAny();
        }
        change.plan.seal();
        return change;
    }

    private static PluginLimits limits(PluginUse use) {
        return new PluginLimits(
                use.maxFailures(),
                use.failureWindow().toNanos(),
                use.retryAfter().toNanos(),
                use.blockLimit().toNanos());
    }

    private static ChainEntry entry(PluginInstance instance, PluginUse use) {
        return new ChainEntry(
                instance,
                use.name(),
                use.priority().orElse(instance.plugin().priority()),
                use.paths(),
                Set.copyOf(use.methods()),
                new ChainEntry.Conduct(
                        use.onFailure() == PluginUse.FailureMode.FAIL_OPEN,
                        use.timeout().toNanos(),
                        use.bufferLimit()));
    }

    /** Tells those that are new that they are in force, and begins to let go of the plugins that are not. */
    void sequentialSettle() {
        for (LivePlugin plugin : List.copyOf(live)) {
            if (!plugin.inForce && !plugin.retiring) {
                sequentialRetire(plugin);
            } else if (plugin.inForce && !plugin.told) {
                plugin.told = true;
                tell(plugin);
            }
        }
    }

    private static void tell(LivePlugin plugin) {
        plugin.context().beginTelling();
        try {
            plugin.instance.plugin().inForce();
        } catch (RuntimeException | LinkageError e) {
            LOGGER.error("plugin {} has failed as it came into force", plugin.instance.place(), e);
        }
    }

    private void sequentialRetire(LivePlugin plugin) {
        plugin.retiring = true;
        plugin.unusedLoops = 0;
        int generation = ++plugin.generation;
        // A loop comes to this after whatever it had begun with the snapshot before.
        for (LoopContext loop : context.loops()) {
            onLoop(
                    loop,
                    () -> plugin.instance.whenUnused(
                            loop.index(), () -> onControl(() -> sequentialUnused(plugin, generation))));
        }
    }

    private void sequentialBringBack(LivePlugin plugin) {
        if (plugin.retiring) {
            plugin.retiring = false;
            plugin.generation++;
            for (LoopContext loop : context.loops()) {
                onLoop(loop, () -> plugin.instance.whenUnused(loop.index(), null));
            }
        }
    }

    private void sequentialUnused(LivePlugin plugin, int generation) {
        if (plugin.generation != generation
                || ++plugin.unusedLoops < context.loops().size()) {
            return;
        }
        live.remove(plugin);
        close(plugin);
        if (live.isEmpty()) {
            sequentialEndWatch();
        }
    }

    private static void onLoop(LoopContext loop, Runnable task) {
        try {
            loop.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("loop {} has ended; its plugins are closed with the balancer", loop.index(), e);
        }
    }

    private void onControl(Runnable task) {
        try {
            context.executor().execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("the control thread has ended; it has closed every plugin", e);
        }
    }

    private static void close(LivePlugin plugin) {
        plugin.context().endTelling();
        try {
            plugin.plugin().close();
        } catch (RuntimeException | LinkageError fault) {
            LOGGER.error("plugin {} failed to close", plugin.instance, fault);
        }
        plugin.context().close();
    }

    private void sequentialEndWatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    /** Closes every plugin. */
    void sequentialClose() {
        leftOut.sequentialClose();
        for (LivePlugin plugin : List.copyOf(live)) {
            plugin.generation++;
            close(plugin);
        }
        live.clear();
        sequentialEndWatch();
    }

    /** Returns what the plugins in force have done, and which are left out, by place. Thread-safe. */
    Map<String, PluginStatistics> statistics() {
        Map<String, PluginStatistics> statistics = new HashMap<>(leftOut.statistics());
        inForce.forEach((place, plugin) -> statistics.put(place, plugin.statistics()));
        return statistics;
    }
}
