package io.lb4j.internal.control;

import io.lb4j.config.Part;
import io.lb4j.model.Cluster;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DnsDiscovery;
import io.lb4j.stats.DiscoveryStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that a cluster's endpoints come from: those that are configured, the providers of its discovery, and DNS for those of either that
 * are host names. Sources that two configurations have in common go on. What comes out is one list of addresses, whole each time.
 *
 * <p>While a source that is new has not spoken, what was there before stays: for as long as the policy's initial wait. Confined to the
 * control thread, but for statistics and {@link #ready}.
 */
final class ClusterSources implements Source.Listener {
    private final String cluster;
    private final ControlContext control;
    private final Consumer<List<Endpoint>> target;
    private final Map<Part, Source> providers = new LinkedHashMap<>();
    private final Map<String, Source> names = new LinkedHashMap<>(); // by the address to be resolved
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private List<Endpoint> fixed = List.of();
    private @Nullable DiscoveryPolicy policy; // once configured
    private @Nullable EndpointMemory memory;
    private Map<String, List<Endpoint>> remembered = Map.of();
    private List<Endpoint> emitted = List.of();
    private boolean hasEmitted;
    private boolean refreshing;
    private long deadlineNanos; // until when new sources are waited for
    private @Nullable ScheduledFuture<?> wakeUp;
    private volatile List<Source> all = List.of(); // for statistics

    ClusterSources(String cluster, ControlContext control, Consumer<List<Endpoint>> target) {
        this.cluster = cluster;
        this.control = control;
        this.target = target;
    }

    /** Completes once every source has spoken or failed, or has been waited for long enough. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    /**
     * Makes the providers that a configuration brings, without using them yet.
     *
     * @throws RuntimeException if one cannot be made; nothing is left
     */
    Map<Part, Discovery> prepare(Cluster next) {
        Map<Part, Discovery> made = new HashMap<>();
        try {
            for (Part part : next.discovery().providers()) {
                if (!providers.containsKey(part) && !made.containsKey(part)) {
                    made.put(part, part.create(Discovery.class));
                }
            }
            return made;
        } catch (RuntimeException e) {
            discard(made);
            throw e;
        }
    }

    /** Lets go of providers that are not used after all, but for those that are the program's own. */
    static void discard(Map<Part, Discovery> made) {
        made.forEach((part, discovery) -> {
            if (part.settings().isPresent()) {
                discovery.close();
            }
        });
    }

    /**
     * Takes over what a configuration says of the endpoints.
     *
     * @param made by {@link #prepare} for this configuration
     */
    void sequentialConfigure(Cluster next, Map<Part, Discovery> made) {
        DiscoveryPolicy following = next.discovery();
        policy = following;
        fixed = next.endpoints();
        sequentialRemember(following);
        Set<Part> wanted = new HashSet<>(following.providers());
        providers.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().sequentialStop();
            }
            return gone;
        });
        Map<Part, Source> inOrder = new LinkedHashMap<>();
        List<Source> fresh = new ArrayList<>();
        for (Part part : following.providers()) {
            inOrder.computeIfAbsent(part, wantedPart -> {
                Source known = providers.get(wantedPart);
                if (known != null) {
                    return known;
                }
                Source source = source(nameFor(wantedPart, inOrder), Objects.requireNonNull(made.get(wantedPart)));
                fresh.add(source);
                return source;
            });
        }
        providers.clear();
        providers.putAll(inOrder);
        providers.values().forEach(source -> source.sequentialConfigure(following));
        names.values().forEach(source -> source.sequentialConfigure(following));
        sequentialExtendDeadline();
        refreshing = true; // once for all of them, below
        fresh.forEach(Source::sequentialStart);
        refreshing = false;
        sequentialRefresh();
    }

    private Source source(String name, Discovery discovery) {
        Source source = new Source(name, discovery, new Source.Place(cluster, policy(), control, this));
        source.feed().sequentialRestore(remembered.getOrDefault(name, List.of()));
        return source;
    }

    /** Returns a name that no other provider of the cluster has. */
    private static String nameFor(Part part, Map<Part, Source> others) {
        Set<String> taken = new HashSet<>();
        others.values().forEach(source -> taken.add(source.name()));
        String name = part.name();
        for (int i = 2; taken.contains(name); i++) {
            name = part.name() + "-" + i;
        }
        return name;
    }

    private void sequentialRemember(DiscoveryPolicy following) {
        EndpointMemory former = memory;
        if (former != null
                && following.snapshot().filter(former.file().path()::equals).isPresent()) {
            return;
        }
        if (former != null) {
            former.sequentialClose();
        }
        memory = following
                .snapshot()
                .map(path -> new EndpointMemory(
                        new EndpointFile(path),
                        control.executor(),
                        control.sources().blocking(),
                        this::sequentialBelieved))
                .orElse(null);
        remembered = memory == null ? Map.of() : memory.remembered();
    }

    private Map<String, List<Endpoint>> sequentialBelieved() {
        Map<String, List<Endpoint>> believed = new LinkedHashMap<>();
        for (Source source : all) {
            if (!source.feed().believed().isEmpty()) {
                believed.put(source.name(), source.feed().believed());
            }
        }
        return believed;
    }

    private DiscoveryPolicy policy() {
        DiscoveryPolicy configured = policy;
        if (configured == null) {
            throw new IllegalStateException("cluster " + cluster + ": not configured yet");
        }
        return configured;
    }

    @Override
    public void onBelieved() {
        sequentialRefresh();
    }

    @Override
    public void onStale() {
        if (policy().mode() == DiscoveryPolicy.Mode.FAILOVER) {
            control.executor()
                    .schedule(this::sequentialRefresh, policy().failoverAfter().toNanos() + 1, TimeUnit.NANOSECONDS);
        }
    }

    /** Puts together what all sources say at present. */
    private void sequentialRefresh() {
        if (refreshing) {
            return; // called by a source that has just been started: what it says is taken below
        }
        refreshing = true;
        try {
            List<Endpoint> named = named();
            sequentialResolve(named);
            emitUnlessWaiting(named);
        } finally {
            refreshing = false;
        }
        if (memory != null) {
            memory.sequentialNote();
        }
    }

    private void emitUnlessWaiting(List<Endpoint> named) {
        boolean settled = isEverySourceSettled();
        long left = deadlineNanos - control.clock().getAsLong();
        if (!settled && left > 0) {
            sequentialWakeUpIn(left);
            if (!emitted.isEmpty()) {
                return;
            }
        }
        List<Endpoint> addresses = expanded(named);
        if (!hasEmitted || !addresses.equals(emitted)) {
            hasEmitted = true;
            emitted = addresses;
            target.accept(addresses);
        }
        if (settled || left <= 0) {
            ready.complete(null);
        }
    }

    private boolean isEverySourceSettled() {
        return all.stream().allMatch(source -> source.feed().isSettled());
    }

    private void sequentialWakeUpIn(long nanos) {
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        wakeUp = control.executor().schedule(this::sequentialRefresh, nanos, TimeUnit.NANOSECONDS);
    }

    private List<Endpoint> named() {
        if (isOfOneSource()) {
            return chosen(); // as it is: there may be thousands
        }
        List<Endpoint> named = new ArrayList<>(fixed);
        named.addAll(chosen());
        return named;
    }

    private boolean isOfOneSource() {
        return fixed.isEmpty() && (providers.size() == 1 || policy().mode() != DiscoveryPolicy.Mode.MERGE);
    }

    private List<Endpoint> chosen() {
        if (policy().mode() == DiscoveryPolicy.Mode.MERGE) {
            List<List<Endpoint>> believed = providers.values().stream()
                    .map(source -> source.feed().believed())
                    .toList();
            return believed.size() == 1
                    ? believed.get(0)
                    : believed.stream().flatMap(List::stream).toList();
        }
        boolean patient = deadlineNanos - control.clock().getAsLong() > 0;
        for (Source source : providers.values()) {
            if (source.isGood(policy().failoverAfter())) {
                return source.feed().believed();
            }
            if (patient && !source.feed().isSettled()) {
                return source.feed().believed(); // those after it are for when it is known to have failed
            }
        }
        return providers.values().stream()
                .map(source -> source.feed().believed())
                .filter(believed -> !believed.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Watches the names that there are now, and no others. */
    private void sequentialResolve(List<Endpoint> endpoints) {
        Set<String> wanted = new HashSet<>();
        for (Endpoint endpoint : endpoints) {
            if (endpoint.isResolved()) {
                continue;
            }
            wanted.add(endpoint.address());
            if (!names.containsKey(endpoint.address())) {
                DnsDiscovery discovery = DnsDiscovery.addresses(endpoint);
                Source source = source(discovery.toString(), discovery);
                names.put(endpoint.address(), source);
                sequentialExtendDeadline();
                source.sequentialStart();
            }
        }
        names.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().sequentialStop();
            }
            return gone;
        });
        List<Source> sources = new ArrayList<>(providers.values());
        sources.addAll(names.values());
        all = List.copyOf(sources);
    }

    private void sequentialExtendDeadline() {
        deadlineNanos = control.clock().getAsLong() + policy().initialWait().toNanos();
    }

    /** Returns each address once; a name stands for all addresses that it has, each of its weight. */
    private List<Endpoint> expanded(List<Endpoint> endpoints) {
        if (isOfOneSource() && names.isEmpty()) {
            return List.copyOf(endpoints); // a source is believed to have each address once
        }
        Map<String, Endpoint> expanded = new LinkedHashMap<>(2 * endpoints.size());
        for (Endpoint endpoint : endpoints) {
            Source source = names.get(endpoint.address());
            if (source == null) {
                expanded.putIfAbsent(endpoint.address(), endpoint);
                continue;
            }
            for (Endpoint resolved : source.feed().believed()) {
                Endpoint address = new Endpoint(
                        resolved.host(), endpoint.port(), endpoint.weight(), endpoint.metadata(), endpoint.name());
                expanded.putIfAbsent(address.address(), address);
            }
        }
        return List.copyOf(expanded.values());
    }

    /** Returns what is known of each source. On any thread. */
    List<DiscoveryStatistics> statistics() {
        return all.stream()
                .map(source -> source.feed().statistics(source.name()))
                .toList();
    }

    /** Stops every source. */
    void sequentialClose() {
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        if (memory != null) {
            memory.sequentialClose();
        }
        all.forEach(Source::sequentialStop);
        providers.values().stream().filter(source -> !all.contains(source)).forEach(Source::sequentialStop);
        ready.complete(null);
    }
}
