package io.lb4j.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.DiscoveryBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.config.Part;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.DiscoveryStatistics;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A balancer with one cluster, whose endpoints a registry names: what core makes of a provider. */
public final class Watched implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LoadBalancer lb;

    private Watched(Consumer<? super DiscoveryBuilder> discovery) {
        lb = LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("api", cluster -> cluster.discovery(discovery))
                .route("all", route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(1)))
                .start();
    }

    /** Watches a provider; what it says is believed at once, losses included. */
    public static Watched by(Part provider) {
        return with(discovery -> discovery.provider(provider));
    }

    /** Watches what is said of providers. */
    public static Watched with(Consumer<? super DiscoveryBuilder> providers) {
        return new Watched(discovery -> {
            discovery.emptyGrace(Duration.ZERO).panic(1, Duration.ZERO);
            providers.accept(discovery);
        });
    }

    /** Returns the balancer. */
    public LoadBalancer balancer() {
        return lb;
    }

    /** Returns the cluster. */
    public ClusterStatistics cluster() {
        return Objects.requireNonNull(lb.stats().clusters().get("api"));
    }

    /** Returns what is known of the one provider. */
    public DiscoveryStatistics source() {
        return cluster().sources().get(0);
    }

    /** Returns the addresses that get requests. */
    public Set<String> addresses() {
        Set<String> addresses = new TreeSet<>();
        cluster().endpoints().forEach((address, endpoint) -> {
            if (!endpoint.isDraining()) {
                addresses.add(address);
            }
        });
        return addresses;
    }

    /** Waits until these get requests, and no others. */
    public void awaitAddresses(String... expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(addresses()).containsExactlyInAnyOrder(expected));
    }

    /** Waits until the provider cannot be asked. */
    public void awaitStale() {
        await().atMost(PATIENCE).until(() -> source().state() == DiscoveryStatistics.State.STALE);
    }

    /** Waits until the provider is asked again. */
    public void awaitFresh() {
        await().atMost(PATIENCE).until(() -> source().state() == DiscoveryStatistics.State.FRESH);
    }

    /** Waits until the provider is asked again, whether or not what it says is believed yet. */
    public void awaitFreshOrHeld() {
        await().atMost(PATIENCE).until(() -> source().state() != DiscoveryStatistics.State.STALE);
    }

    @Override
    public void close() {
        lb.close();
    }
}
