package io.lb4j.it.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import io.lb4j.spi.MutableDiscovery;
import io.lb4j.spi.Observer;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.DiscoveryStatistics.State;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.TimeBound;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints that come and go while requests go on. */
final class DiscoveryTest {
    private static LoadBalancerBuilder configured(Consumer<ClusterBuilder> cluster) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("api", cluster)
                .route("all", route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(1)));
    }

    private static Endpoint of(ScriptedUpstream upstream) {
        return Endpoint.of("127.0.0.1", upstream.port());
    }

    private static ScriptedUpstream named(String name) {
        return ScriptedUpstream.start(script -> script.onAny().answer(200, name));
    }

    private static ClusterStatistics cluster(LoadBalancer lb) {
        return Objects.requireNonNull(lb.stats().clusters().get("api"));
    }

    @TimeBound
    @Test
    void theStartWaitsForTheFirstAnswer() {
        try (ScriptedUpstream one = named("one");
                LoadBalancer lb = configured(cluster -> cluster.discovery(() -> CompletableFuture.supplyAsync(
                                        () -> List.of(of(one)),
                                        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS))
                                .join()))
                        .start()) {
            assertThat(Traffic.answers(lb, 1)).containsExactly("one");
            assertThat(cluster(lb).sources().get(0).source()).isEqualTo("discovery");
        }
    }

    @Test
    void aRegistryThatDiesCostsNoRequestAndItsReturnIsFollowed() {
        MutableDiscovery registry = new MutableDiscovery(List.of());
        try (ScriptedUpstream one = named("one");
                ScriptedUpstream two = named("two")) {
            registry.set(List.of(of(one)));
            try (LoadBalancer lb =
                    configured(cluster -> cluster.discovery(registry)).start()) {
                registry.fail(new IOException("connection refused"));
                await().until(() -> cluster(lb).isStale());
                assertThat(Traffic.answers(lb, 20)).containsExactly("one");
                assertThat(cluster(lb).sources().get(0).lastError()).contains("connection refused");

                registry.set(List.of(of(one), of(two)));
                await().until(() -> Traffic.answers(lb, 4).size() == 2);
                assertThat(cluster(lb).isStale()).isFalse();
            }
        }
    }

    @Test
    void aDiscoveryThatHangsHoldsNeitherTheStartNorTheCloseUp() {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        Discovery hangs = () -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
            return List.of();
        };
        long start = System.nanoTime();
        try (ScriptedUpstream one = named("one");
                LoadBalancer lb = configured(cluster -> cluster.endpoint(of(one))
                                .discovery(
                                        discovery -> discovery.provider(hangs).initialWait(Duration.ofMillis(200))))
                        .start()) {
            assertThat(Traffic.answers(lb, 1)).containsExactly("one");
            assertThat(cluster(lb).sources().get(0).state()).isEqualTo(State.STARTING);
        }

        assertThat(interrupted).hasValue(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(Duration.ofSeconds(30)); // it would hang for ever
    }

    @Test
    void aProviderThatTellsOfChangesIsGivenWhatItNeeds() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream one = named("one");
                LoadBalancer lb = configured(cluster -> cluster.discovery(new Discovery() {
                            @Override
                            public List<Endpoint> discover() {
                                return List.of();
                            }

                            @Override
                            public void watch(DiscoveryContext context, Listener listener) {
                                seen.add(context.cluster());
                                context.schedule(
                                        Duration.ofMillis(20),
                                        () -> context.executor().execute(() -> {
                                            seen.add(Thread.currentThread().getName());
                                            listener.onEndpoints(List.of(of(one)));
                                        }));
                            }

                            @Override
                            public void close() {
                                seen.add("closed");
                            }
                        }))
                        .start()) {
            assertThat(Traffic.answers(lb, 1)).containsExactly("one");
        }

        assertThat(seen).hasSize(3).startsWith("api").endsWith("closed");
        assertThat(seen.get(1)).startsWith("lb4j-discovery");
    }

    @Test
    void aColdStartServesFromDiskWhileTheRegistryIsDown(@TempDir Path folder) {
        MutableDiscovery registry = new MutableDiscovery(List.of());
        Path file = folder.resolve("api.endpoints");
        Consumer<ClusterBuilder> says = cluster -> cluster.discovery(
                discovery -> discovery.provider("registry", registry).snapshot(file));
        try (ScriptedUpstream one = named("one")) {
            registry.set(List.of(of(one)));
            configured(says).start().close(); // what is known is on disk when it has closed
            registry.fail(new IOException("down"));
            try (LoadBalancer lb = configured(says).start()) {
                assertThat(Traffic.answers(lb, 2)).containsExactly("one");
                assertThat(cluster(lb).sources().get(0).state()).isEqualTo(State.STALE);
            }
        }
    }

    @Test
    void observersHearOfEndpointsAndSourcesOnAThreadOfTheirOwn() {
        List<ControlEvent> events = new CopyOnWriteArrayList<>();
        List<String> threads = new CopyOnWriteArrayList<>();
        MutableDiscovery registry = new MutableDiscovery(List.of());
        try (ScriptedUpstream one = named("one");
                ScriptedUpstream two = named("two")) {
            registry.set(List.of(of(one)));
            try (LoadBalancer lb = configured(
                            cluster -> cluster.discovery(discovery -> discovery.provider("registry", registry)))
                    .observer(new Observer() {
                        @Override
                        public void onControl(ControlEvent event) {
                            events.add(event);
                            threads.add(Thread.currentThread().getName());
                        }
                    })
                    .start()) {
                registry.set(List.of(of(one), of(two)));
                await().until(() -> cluster(lb).endpoints().size() == 2);
                registry.set(List.of(of(two)));
                await().until(() -> cluster(lb).endpoints().size() == 1);
                registry.fail(new IOException("down"));
                await().until(() -> cluster(lb).isStale());
                registry.set(List.of(of(two)));
                await().until(() -> !cluster(lb).isStale());
            }
            assertThat(events)
                    .filteredOn(event -> !(event instanceof ControlEvent.SourceRecovered))
                    .startsWith(
                            new ControlEvent.EndpointAdded("api", of(one)),
                            new ControlEvent.ConfigurationApplied(1),
                            new ControlEvent.EndpointAdded("api", of(two)),
                            new ControlEvent.EndpointRemoved("api", of(one)),
                            new ControlEvent.SourceStale("api", "registry", "down"));
            assertThat(events).hasAtLeastOneElementOfType(ControlEvent.SourceRecovered.class);
            assertThat(threads).allMatch(name -> name.startsWith("lb4j-events"));
        }
    }

    @Test
    void aRequestOnAnEndpointThatHasLeftMayFinishWithinTheDrainTimeout() {
        drains(
                Duration.ofSeconds(30),
                client -> assertThat(client.readResponse().status()).isEqualTo(200),
                true);
    }

    @TimeBound
    @Test
    void aRequestOnAnEndpointThatHasLeftIsCutOffAfterTheDrainTimeout() {
        drains(
                Duration.ofMillis(300),
                client -> assertThat(client.readResponse().status()).isIn(502, 503),
                false);
    }

    private static void drains(Duration timeout, Consumer<RawClient> expectation, boolean releases) {
        MutableDiscovery registry = new MutableDiscovery(List.of());
        try (ScriptedUpstream slow =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                ScriptedUpstream other = named("other")) {
            registry.set(List.of(of(slow)));
            try (LoadBalancer lb = configured(
                                    cluster -> cluster.discovery(registry).drainTimeout(timeout))
                            .start();
                    RawClient client = RawClient.connect(lb.port())) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
                slow.awaitRequest();
                registry.set(List.of(of(slow), of(other)));
                await().until(() -> cluster(lb).endpoints().size() == 2);
                registry.set(List.of(of(other)));
                await().until(() -> cluster(lb).endpoints().size() == 1);
                if (releases) {
                    slow.release();
                }
                expectation.accept(client);
                assertThat(Traffic.answers(lb, 3)).containsExactly("other");
            }
        }
    }

    @Test
    void endpointsThatComeAndGoAllTheTimeCostNoRequest() {
        MutableDiscovery registry = new MutableDiscovery(List.of());
        List<ScriptedUpstream> upstreams = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            upstreams.add(named("up"));
        }
        try {
            registry.set(List.of(of(upstreams.get(0))));
            try (LoadBalancer lb = configured(cluster -> cluster.discovery(discovery -> discovery
                            .provider(registry)
                            .debounce(Duration.ofMillis(5), Duration.ofMillis(20))
                            .panic(1, Duration.ofSeconds(1))))
                    .start()) {
                for (int i = 0; i < 200; i++) {
                    registry.set(List.of(of(upstreams.get(i % 4)), of(upstreams.get((i + 1) % 4))));
                    assertThat(Traffic.answers(lb, 1)).containsExactly("up");
                }
            }
        } finally {
            upstreams.forEach(ScriptedUpstream::close);
        }
    }
}
