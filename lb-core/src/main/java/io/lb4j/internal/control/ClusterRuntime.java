package io.lb4j.internal.control;

import io.lb4j.config.Part;
import io.lb4j.internal.balance.Balancing;
import io.lb4j.internal.balance.ClusterBalancer;
import io.lb4j.internal.balance.EndpointGeneration;
import io.lb4j.internal.health.ActiveHealth;
import io.lb4j.internal.health.ConnectProber;
import io.lb4j.internal.health.Ejection;
import io.lb4j.internal.health.HttpProber;
import io.lb4j.internal.health.OutlierDetector;
import io.lb4j.internal.health.Prober;
import io.lb4j.internal.health.TcpProber;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.observe.TrafficCounters;
import io.lb4j.internal.snapshot.ClusterEntry;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Health;
import io.lb4j.internal.snapshot.Standing;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.model.Cluster;
import io.lb4j.model.HealthCheck;
import io.lb4j.model.Subset;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Discovery;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.DiscoveryStatistics;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.stats.TrafficStatistics;
import io.netty.bootstrap.Bootstrap;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One cluster from its first configuration to its last: what outlives snapshots. Confined to the control thread, but for what
 * {@link #entry()} and {@link #statistics()} hand out.
 */
final class ClusterRuntime implements ClusterBalancer.Listener, AutoCloseable {
    private final String name;
    private final ControlContext context;
    private final ClusterBalancer balancer;
    private final ClusterConnections connections;
    private final TrafficCounters traffic;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private @Nullable Cluster cluster; // once configured
    private boolean hasBegun; // to look for endpoints, before it was first configured
    private @Nullable ClusterEntry entry; // as last published
    private final ClusterSources sources;
    private @Nullable ActiveHealth health;
    private @Nullable OutlierDetector outliers;

    /** Creates a cluster that has no endpoint until it is first {@linkplain Change#sequentialCommit configured}. */
    ClusterRuntime(Cluster first, ControlContext context, LateClosing lateClosing) {
        this.name = first.name();
        this.connections = new ClusterConnections(context, lateClosing);
        this.context = context;
        this.traffic = new TrafficCounters(context.loops().size());
        balancer = new ClusterBalancer(
                first.name(),
                ClusterMapping.balancing(first),
                context.executor(),
                context.clock(),
                () -> new TrafficCounters(context.loops().size()));
        balancer.addListener(this);
        sources = new ClusterSources(name, context, balancer::update);
    }

    /** Another configuration that is ready to be put in force. What it leaves as it is goes on undisturbed. */
    final class Change {
        private final Cluster next;
        private final @Nullable Cluster before = cluster;
        private final Balancing balancing;
        private final Optional<ClusterConnections.Made> made; // where connections are made or kept in another way
        private final boolean isWarmed = before == null && hasBegun;
        private final Map<Part, Discovery> providers; // that are new

        private Change(Cluster next) {
            this.next = next;
            balancing = ClusterMapping.balancing(next);
            providers = isWarmed ? Map.of() : sources.prepare(next);
            try {
                made = connections.prepare(before, next);
            } catch (RuntimeException e) {
                ClusterSources.discard(providers);
                throw e;
            }
        }

        void sequentialCommit() {
            if (before != null && next.equals(before)) {
                return;
            }
            cluster = next;
            balancer.beginGeneration();
            balancer.configure(balancing);
            boolean connectsOtherwise = made.isPresent() && connections.sequentialUse(made.get(), next.drainTimeout());
            if (before == null || connectsOtherwise || !healthAlike(before, next)) {
                sequentialConfigureHealth(next);
            }
            if (!isWarmed && (before == null || !sourcesAlike(before, next))) {
                sources.sequentialConfigure(next, providers);
            }
        }

        void discard() {
            ClusterSources.discard(providers);
            made.ifPresent(connections::discard);
        }
    }

    /**
     * Makes ready for another configuration, without changing anything yet.
     *
     * @throws RuntimeException if files that it names cannot be read, or are not what they should be
     */
    Change prepare(Cluster next) {
        return new Change(next);
    }

    /**
     * Begins to look for the endpoints of a cluster that is not in force yet, so that it has some when it is.
     *
     * @return completes when it has, or has been waited for long enough
     */
    CompletableFuture<Void> sequentialWarm(Cluster first) {
        hasBegun = true;
        sources.sequentialConfigure(first, sources.prepare(first));
        return sources.ready();
    }

    private static boolean healthAlike(Cluster one, Cluster other) {
        return one.health().equals(other.health()) && one.ejection().equals(other.ejection());
    }

    private static boolean sourcesAlike(Cluster one, Cluster other) {
        return one.endpoints().equals(other.endpoints()) && one.discovery().equals(other.discovery());
    }

    /** Changes how endpoints are judged; what is known of them holds until it is found to be otherwise. */
    private void sequentialConfigureHealth(Cluster asked) {
        Optional<Ejection> ejection = ClusterMapping.ejection(asked);
        if (outliers != null && ejection.isPresent()) {
            outliers.configure(ejection.get());
        } else if (ejection.isPresent()) {
            outliers = new OutlierDetector(asked.name(), ejection.get(), context.executor(), context.clock());
        } else if (outliers != null) {
            outliers.close();
            outliers = null;
        }
        Optional<ActiveHealth.Plan> plan = asked.health()
                .map(check -> new ActiveHealth.Plan(ClusterMapping.activeCheck(check), prober(asked, check)));
        if (health != null && plan.isPresent()) {
            health.configure(plan.get());
        } else if (plan.isPresent()) {
            health = new ActiveHealth(asked.name(), plan.get(), context.executor());
        } else if (health != null) {
            health.close();
            health = null;
        }
        sequentialTellHealth();
    }

    private Prober prober(Cluster asked, HealthCheck check) {
        boolean secured = asked.tls().isPresent();
        if (check.type() == HealthCheck.Type.TCP) {
            return secured
                    ? new ConnectProber(connections.connector(), this::nextLoop)
                    : new TcpProber(new Bootstrap()
                            .group(context.loops().get(0).eventLoop())
                            .channelFactory(context.network().channels())
                            .resolver(context.network().resolver()));
        }
        return new HttpProber(
                new HttpProber.Question(
                        ClusterMapping.httpCheck(check), secured ? "https" : "http", connections.connector()),
                this::nextLoop);
    }

    private LoopContext nextLoop() {
        List<LoopContext> loops = context.loops();
        return loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
    }

    private void sequentialTellHealth() {
        List<EndpointState> members = balancer.members();
        if (health != null) {
            health.update(members);
        }
        if (outliers != null) {
            outliers.update(members);
        }
    }

    @Override
    public void onMembers(ClusterBalancer.Change change) {
        sequentialRemoved(change.removed());
        change.added()
                .forEach(state -> context.events().accept(new ControlEvent.EndpointAdded(name, state.endpoint())));
        if (health != null) {
            health.change(change.added(), change.removed());
        }
        if (outliers != null) {
            outliers.change(change.added(), change.removed());
        }
    }

    private void sequentialRemoved(List<EndpointState> removed) {
        if (!removed.isEmpty()) {
            context.retire().accept(removed);
        }
        removed.forEach(state -> context.events().accept(new ControlEvent.EndpointRemoved(name, state.endpoint())));
    }

    @Override
    public void onUsable(List<EndpointState> usable, boolean panicking) {
        // Event loops see it already; statistics ask for it.
    }

    @Override
    public void onStanding(EndpointState state, Standing before) {
        Standing now = state.standing();
        if (now.exclusion().isActive() && !before.exclusion().isActive()) {
            Duration time = Duration.ofNanos(
                    now.exclusion().untilNanos() - context.clock().getAsLong());
            context.events().accept(new ControlEvent.EndpointEjected(name, now.endpoint(), time));
        } else if (before.exclusion().isActive() && !now.exclusion().isActive()) {
            context.events().accept(new ControlEvent.EndpointRecovered(name, now.endpoint()));
        }
        if (now.health() != before.health() && now.health() != Health.UNKNOWN) {
            boolean healthy = now.health() == Health.HEALTHY;
            context.events().accept(new ControlEvent.EndpointHealthChanged(name, now.endpoint(), healthy));
        }
    }

    /** Returns the cluster as exchanges see it: the same object as long as its configuration is the same. */
    ClusterEntry entry() {
        EndpointGeneration generation = balancer.generation();
        UpstreamCluster upstream = connections.upstream();
        ClusterEntry known = entry;
        if (known == null || known.all() != generation || known.upstream() != upstream) {
            known = new ClusterEntry(name, generation, generation.subsets(), upstream, traffic);
            entry = known;
        }
        return known;
    }

    /** Takes over which subsets the routes ask for. */
    void sequentialDivide(Set<Subset> subsets) {
        balancer.divide(subsets);
    }

    /** Returns the member at an address. */
    Optional<EndpointState> member(String address) {
        return balancer.members().stream()
                .filter(state -> state.endpoint().address().equals(address))
                .findFirst();
    }

    /** Returns the cluster as operators see it. Thread-safe. */
    ClusterStatistics statistics() {
        Map<String, EndpointStatistics> endpoints = new HashMap<>();
        for (EndpointState state : balancer.members()) {
            EndpointStatistics statistics = statisticsOf(state);
            endpoints.put(statistics.address(), statistics);
        }
        List<DiscoveryStatistics> found = sources.statistics();
        return new ClusterStatistics(
                traffic.summarize(),
                endpoints,
                connections.share().connections(),
                connections.share().idle(),
                connections.share().pending(),
                connections.share().handOvers(),
                balancer.isPanicking(),
                found.stream().anyMatch(source -> source.state() == DiscoveryStatistics.State.STALE),
                found.stream().anyMatch(source -> source.state() == DiscoveryStatistics.State.HELD),
                found,
                connections.transportFigures());
    }

    private static EndpointStatistics statisticsOf(EndpointState state) {
        Standing standing = state.standing();
        return new EndpointStatistics(
                state.endpoint().address(),
                standing.baseWeight(),
                standing.health().name().toLowerCase(Locale.ROOT),
                standing.exclusion().isActive() || standing.orders().isEjected(),
                standing.isDraining(),
                state.inFlight(),
                state.traffic() instanceof TrafficCounters counters ? counters.summarize() : TrafficStatistics.NONE);
    }

    /**
     * Lets go of everything: the cluster is no longer configured. Exchanges that know it from a snapshot before still find its endpoints, and
     * have the time to drain to finish.
     */
    @Override
    public void close() {
        balancer.close(); // first: what is told it from here on is published no more
        sources.sequentialClose();
        if (health != null) {
            health.close();
        }
        if (outliers != null) {
            outliers.close();
        }
        balancer.members().forEach(EndpointState::leave);
        sequentialRemoved(balancer.members());
        connections.sequentialClose(cluster == null ? Duration.ZERO : cluster.drainTimeout());
    }
}
