package io.lb4j.internal.control;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.PluginContext;
import io.lb4j.spi.SharedStore;
import io.lb4j.stats.DependencyStatistics;
import io.lb4j.stats.Statistics;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one plugin is given: where it stands, its figures, and a thread if it wants one. Thread-safe. */
final class InstanceContext implements PluginContext, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(InstanceContext.class);
    private static final int MAX_METRICS = 1_000;
    private static final int MAX_DEPENDENCIES = 100;
    private static final long CLOSE_MILLIS = 5_000;

    private final String name;
    private final PluginScope scope;
    private final Map<String, Object> config;
    private final ControlContext control;
    private final List<EventLoop> eventLoops;
    private final PluginServices services;
    private final Map<String, Figure> metrics = new ConcurrentHashMap<>();
    private final Map<String, PluginNeed> needs = new ConcurrentHashMap<>();
    private @Nullable ScheduledThreadPoolExecutor scheduler; // guarded by this, as are the two below
    private @Nullable Thread thread;
    private boolean closed;
    private volatile boolean inForce;

    private record Figure(AtomicLong figure) implements Metric {
        @Override
        public void add(long amount) {
            figure.addAndGet(amount);
        }

        @Override
        public void set(long value) {
            figure.set(value);
        }

        @Override
        public long value() {
            return figure.get();
        }
    }

    InstanceContext(
            String name,
            PluginScope scope,
            Map<String, Object> config,
            ControlContext control,
            PluginServices services) {
        this.name = name;
        this.scope = scope;
        this.config = config;
        this.control = control;
        this.eventLoops = control.loops().stream().map(LoopContext::eventLoop).toList();
        this.services = services;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String place() {
        return scope.place(name);
    }

    @Override
    public Optional<String> listener() {
        return scope.listener();
    }

    @Override
    public Optional<String> route() {
        return scope.route();
    }

    @Override
    public Map<String, Object> config() {
        return config;
    }

    @Override
    public List<EventLoop> eventLoops() {
        return eventLoops;
    }

    @Override
    public synchronized ScheduledExecutorService scheduler() {
        if (closed) {
            throw new IllegalStateException("plugin " + place() + ": closed (expected: open)");
        }
        if (scheduler == null) {
            ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, task -> {
                Thread fresh = new Thread(task, "lb4j-plugin-" + name);
                fresh.setDaemon(true);
                noteThread(fresh);
                return fresh;
            });
            made.setRemoveOnCancelPolicy(true);
            scheduler = made;
        }
        return scheduler;
    }

    private synchronized void noteThread(Thread fresh) {
        thread = fresh;
    }

    @Override
    public ClusterClient clusters() {
        return services.clusters();
    }

    @Override
    public SharedStore store() {
        return services.store();
    }

    @Override
    public Metric metric(String metric) {
        Figure known = metrics.get(metric);
        if (known != null) {
            return known;
        }
        requireName("metric", metric);
        if (metrics.size() >= MAX_METRICS) {
            throw new IllegalStateException("metrics: " + metrics.size() + " (expected: < " + MAX_METRICS + ")");
        }
        return metrics.computeIfAbsent(metric, any -> new Figure(new AtomicLong()));
    }

    private static void requireName(String what, String name) {
        if (!name.matches("[A-Za-z0-9_.-]{1,128}")) {
            throw new IllegalArgumentException(what + ": expected letters, digits, _, . and -, at most 128");
        }
    }

    @Override
    public Dependency dependency(String dependency) {
        PluginNeed known = needs.get(dependency);
        if (known != null) {
            return known;
        }
        requireName("dependency", dependency);
        if (needs.size() >= MAX_DEPENDENCIES) {
            throw new IllegalStateException(
                    "dependencies: " + needs.size() + " (expected: < " + MAX_DEPENDENCIES + ")");
        }
        return needs.computeIfAbsent(
                dependency, any -> new PluginNeed(dependency, new PluginNeed.Owner(place(), () -> inForce, control)));
    }

    /** Returns what the plugin depends on. */
    Map<String, DependencyStatistics> dependencies() {
        Map<String, DependencyStatistics> dependencies = new HashMap<>();
        needs.forEach((dependency, need) -> dependencies.put(dependency, need.statistics()));
        return dependencies;
    }

    /** From now on observers are told of what the plugin depends on, of what is wrong with it already, too. */
    void beginTelling() {
        inForce = true;
        needs.values().forEach(PluginNeed::look);
    }

    /** What a plugin says while it ends is told to nobody. */
    void endTelling() {
        inForce = false;
    }

    @Override
    public Statistics statistics() {
        return services.statistics().get();
    }

    /** Returns the plugin's own figures. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new HashMap<>();
        metrics.forEach((metric, figure) -> figures.put(metric, figure.value()));
        return figures;
    }

    /** Ends the plugin's thread, if it has one. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            if (scheduler == null) {
                return;
            }
            scheduler.shutdownNow();
            last = thread;
        }
        try {
            if (last != null) {
                last.join(CLOSE_MILLIS);
                if (last.isAlive()) {
                    LOGGER.warn("the thread of plugin {} goes on after {} ms", place(), CLOSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
