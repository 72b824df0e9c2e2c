package io.lb4j.internal.control;

import io.lb4j.internal.observe.Taps;
import io.lb4j.internal.observe.TrafficCounters;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.Snapshot;
import io.lb4j.internal.snapshot.SnapshotHolder;
import io.lb4j.model.Cluster;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.model.Subset;
import io.lb4j.spi.Actions;
import io.lb4j.stats.ClusterStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns configurations into snapshots. What is the same in two configurations stays the same object, with its connections, its health and
 * its books. Methods named {@code sequential…} are called on the control thread.
 */
public final class ControlPlane {
    private final ControlContext context;
    private final SnapshotHolder snapshots = new SnapshotHolder(new Snapshot(0, Map.of(), Map.of()));
    private final Map<String, ClusterRuntime> clusters = new ConcurrentHashMap<>(); // written on the control thread
    private final PluginTable plugins;
    private final LateClosing lateClosing;
    private final RetryBudgets budgets;
    private final ChallengeRoute challenges;
    private volatile @Nullable RouteTable table; // of the configuration in force; written on the control thread
    private final Map<String, ClusterRuntime> warming = new HashMap<>(); // confined to the control thread
    private long version; // confined to the control thread

    /** Creates a control plane that has published an empty snapshot. */
    public ControlPlane(ControlContext context, PluginServices services) {
        this.context = context;
        this.plugins = new PluginTable(context, services);
        this.lateClosing = new LateClosing(context.executor());
        this.budgets = new RetryBudgets(context.clock());
        this.challenges = ChallengeRoute.of(context);
    }

    /** Returns the holder that event loops read. */
    public SnapshotHolder snapshots() {
        return snapshots;
    }

    /** Another configuration that is ready to be put in force. */
    public final class Change {
        private final Configuration next;
        private final Map<String, ClusterRuntime> wanted = new LinkedHashMap<>();
        private final List<ClusterRuntime.Change> changes = new ArrayList<>();
        private final RetryBudgets.Change budgetChange = budgets.change();
        private final PluginTable.Change pluginChange;
        private final RouteTable nextTable;

        private Change(Configuration next, List<Listener> present) {
            this.next = next;
            PluginTable.Change made = null;
            try {
                for (Cluster cluster : next.clusters()) {
                    ClusterRuntime known = clusters.get(cluster.name());
                    ClusterRuntime runtime = known == null ? begun(cluster) : known;
                    wanted.put(cluster.name(), runtime);
                    changes.add(runtime.prepare(cluster));
                }
                made = plugins.sequentialPrepare(next);
                nextTable = new RouteTable(next, present, tools(next, budgetChange, made.plan()), table);
            } catch (RuntimeException e) {
                discard(made);
                throw e;
            }
            pluginChange = made;
        }

        /** Puts it in force, as one publication. */
        public void sequentialCommit() {
            changes.forEach(ClusterRuntime.Change::sequentialCommit);
            pluginChange.sequentialCommit();
            Map<String, Set<Subset>> subsets = Subsets.byCluster(next.routes());
            wanted.forEach((name, runtime) -> runtime.sequentialDivide(subsets.getOrDefault(name, Set.of())));
            Map<String, ClusterEntry> entries = new HashMap<>();
            wanted.forEach((name, runtime) -> entries.put(name, runtime.entry()));
            version++;
            table = nextTable;
            snapshots.publish(new Snapshot(version, nextTable.listenerEntries(), entries));
            budgetChange.sequentialCommit();
            sequentialForgetAllBut(wanted);
            plugins.sequentialSettle();
        }

        /** Lets go of what was made for it. */
        public void discard() {
            discard(pluginChange);
        }

        private void discard(PluginTable.@Nullable Change made) {
            if (made != null) {
                made.discard();
            }
            changes.forEach(ClusterRuntime.Change::discard);
            wanted.forEach((name, runtime) -> {
                if (!clusters.containsKey(name)) {
                    runtime.close();
                }
            });
        }
    }

    /**
     * Makes what a configuration needs that may fail, without changing anything yet.
     *
     * @param present the listeners that there are: those that are to go serve the configuration's routes as long as they have connections
     * @return to be committed or discarded before anything else is asked of this
     * @throws RuntimeException if files that it names cannot be read, or are not what they should be, or a plugin cannot be initialised;
     *     nothing is left
     */
    public Change sequentialPrepare(Configuration configuration, List<Listener> present) {
        return new Change(configuration, present);
    }

    private RouteTable.Tools tools(Configuration next, RetryBudgets.Change change, PluginPlan plan) {
        return new RouteTable.Tools(
                new RouteMapping(change),
                plan,
                next.acme().isPresent() ? challenges : ChallengeRoute.NONE,
                () -> new TrafficCounters(context.loops().size()));
    }

    /**
     * Begins to look for the endpoints of clusters that a configuration brings, before it is put in force.
     *
     * @return completes when they have endpoints, or have been waited for long enough
     */
    public CompletableFuture<Void> sequentialWarm(Configuration configuration) {
        sequentialCool();
        List<CompletableFuture<Void>> awaited = new ArrayList<>();
        try {
            for (Cluster cluster : configuration.clusters()) {
                if (!clusters.containsKey(cluster.name())) {
                    ClusterRuntime runtime = new ClusterRuntime(cluster, context, lateClosing);
                    warming.put(cluster.name(), runtime);
                    awaited.add(runtime.sequentialWarm(cluster));
                }
            }
        } catch (RuntimeException e) {
            sequentialCool();
            throw e;
        }
        return CompletableFuture.allOf(awaited.toArray(CompletableFuture<?>[]::new));
    }

    /** Lets go of clusters that were looked for in vain: their configuration did not come into force. */
    public void sequentialCool() {
        warming.values().forEach(ClusterRuntime::close);
        warming.clear();
    }

    private ClusterRuntime begun(Cluster cluster) {
        ClusterRuntime warm = warming.remove(cluster.name());
        return warm == null ? new ClusterRuntime(cluster, context, lateClosing) : warm;
    }

    private void sequentialForgetAllBut(Map<String, ClusterRuntime> wanted) {
        List<String> gone = clusters.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .toList();
        clusters.putAll(wanted);
        for (String name : gone) {
            ClusterRuntime runtime = clusters.remove(name);
            if (runtime != null) {
                runtime.close();
            }
        }
    }

    /** Returns what an operator may do. Thread-safe. */
    public Actions actions(Taps taps) {
        return new EndpointActions(clusters, context, taps);
    }

    /** Stops every source, check and plugin. */
    public void sequentialClose() {
        sequentialCool();
        plugins.sequentialClose();
        clusters.values().forEach(ClusterRuntime::close);
        lateClosing.sequentialClose();
    }

    /** Returns what the control plane knows, for statistics. Thread-safe. */
    public ControlStatistics statistics() {
        Map<String, ClusterStatistics> byCluster = new HashMap<>();
        clusters.forEach((name, runtime) -> byCluster.put(name, runtime.statistics()));
        RouteTable current = table;
        return new ControlStatistics(
                snapshots.current().version(),
                byCluster,
                current == null ? Map.of() : current.routeStatistics(),
                current == null ? Map.of() : current.listenerStatistics(),
                current == null ? Map.of() : current.listenerLatencies(),
                plugins.statistics());
    }
}
