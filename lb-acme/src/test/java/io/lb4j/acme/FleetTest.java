package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.KeyType;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that share a store: one orders, whichever is asked answers the authority, and all serve. */
final class FleetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration SLACK = Duration.ofSeconds(20);
    private static final int INSTANCES = 3;
    private static final int RACES = 50;
    private static final int ROUNDS = 5;

    @TempDir
    Path folder;

    /** Instances of which the first alone is where the authority looks. */
    private static final class Fleet implements AutoCloseable {
        final List<Acme> acmes = new ArrayList<>();
        private final List<LoadBalancer> balancers = new ArrayList<>();

        Fleet(Site site, SharedStore store, Acme acme) {
            for (int i = 0; i < INSTANCES; i++) {
                // Each has an object of its own, as each has a process of its own.
                Acme own = acme.keyType(KeyType.EC256);
                acmes.add(own);
                balancers.add(
                        i == 0
                                ? site.balancer(own).store(store).start()
                                : LoadBalancer.builder()
                                        .listener(listener ->
                                                listener.host("127.0.0.1").port(0))
                                        .listener(listener -> listener.host("127.0.0.1")
                                                .port(0)
                                                .tls(tls -> {}))
                                        .acme(own)
                                        .store(store)
                                        .process(process -> process.eventLoops(1))
                                        .start());
            }
        }

        /** Waits until one instance serves what was ordered; returns how long the others took from there. */
        Duration awaitAllAfterOne(String name) {
            await().atMost(PATIENCE)
                    .pollInterval(LOOK)
                    .until(() -> acmes.stream()
                            .anyMatch(acme -> !acme.cached(name).orElseThrow().isSelfSigned()));
            long sinceNanos = System.nanoTime();
            awaitSame(name);
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }

        void awaitSame(String name) {
            await().atMost(PATIENCE).pollInterval(LOOK).untilAsserted(() -> {
                List<Certificate> shown = acmes.stream()
                        .map(acme -> acme.cached(name).orElseThrow())
                        .distinct()
                        .toList();
                assertThat(shown).hasSize(1);
                assertThat(shown.get(0).isSelfSigned()).isFalse();
            });
        }

        @Override
        public void close() {
            balancers.forEach(LoadBalancer::close);
        }
    }

    private static Acme shared(Site site) {
        return Acme.authority(authority ->
                        authority.directory(site.pebble.directory().toString()).trust(site.trust()))
                .acceptTerms();
    }

    @ParameterizedTest
    @EnumSource(
            value = ChallengeType.class,
            names = {"HTTP", "TLS_ALPN"})
    void oneOrdersAndAllServe(ChallengeType type, TestReporter figures) {
        try (Site site = new Site(folder);
                Fleet fleet = new Fleet(
                        site,
                        SharedStores.inMemory(),
                        shared(site).domains("a.test", "b.test").challenges(type))) {
            Duration took = fleet.awaitAllAfterOne("a.test");
            figures.publishEntry("all serve after one", took.toMillis() + " ms");
            assertThat(took)
                    .as("a second or two, five at the most where the machine is free")
                    .isLessThan(SLACK);
            fleet.awaitSame("b.test");
            assertThat(site.pebble.orders()).isEqualTo(2);
            assertThat(site.pebble.issued()).isEqualTo(2);
        }
    }

    @Test
    @Tag("full")
    void ofFiftyRacesEachHasOneOrder() {
        try (Site site = new Site(folder)) {
            for (int round = 1; round <= ROUNDS; round++) {
                String prefix = "race" + round + "-";
                String[] names = IntStream.range(0, RACES / ROUNDS)
                        .mapToObj(i -> prefix + i + ".test")
                        .toArray(String[]::new);
                try (Fleet fleet =
                        new Fleet(site, SharedStores.inMemory(), shared(site).domains(names))) {
                    Arrays.stream(names).forEach(fleet::awaitSame);
                }
                assertThat(site.pebble.orders()).isEqualTo((long) round * names.length);
            }
        }
    }

    @Test
    void anOrderThatWasCutOffIsTakenUpAgain() {
        SharedStore store = SharedStores.inMemory();
        try (Site site = new Site(folder, settings -> settings.validationDelay(3))) {
            Acme first = shared(site).domains("a.test");
            try (LoadBalancer lb = site.balancer(first).store(store).start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(site.pebble.orders()).isEqualTo(1));
            }
            Acme second = shared(site).domains("a.test");
            try (LoadBalancer lb = site.balancer(second).store(store).start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.issuerShown("a.test")).startsWith("CN=Pebble"));
            }
            assertThat(site.pebble.orders()).isEqualTo(1);
        }
    }
}
