package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.model.KeyType;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.SharedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Instances of which the first alone is where the authority looks. */
final class Fleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int INSTANCES = 3;

    final List<Acme> acmes = new ArrayList<>();
    private final List<LoadBalancer> balancers = new ArrayList<>();

    /** @param stores gives each instance its own way to the store that they share */
    Fleet(Site site, Supplier<SharedStore> stores, Acme acme) {
        for (int i = 0; i < INSTANCES; i++) {
            SharedStore store = stores.get();
            // Each has an object of its own, as each has a process of its own.
            Acme own = acme.keyType(KeyType.EC256);
            acmes.add(own);
            balancers.add(
                    i == 0
                            ? site.balancer(own).store(store).start()
                            : LoadBalancer.builder()
                                    .listener(listener ->
                                            listener.host("127.0.0.1").port(0))
                                    .listener(listener ->
                                            listener.host("127.0.0.1").port(0).tls(tls -> {}))
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
