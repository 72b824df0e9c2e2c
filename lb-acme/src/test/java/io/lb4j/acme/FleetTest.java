package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances that share a store: one orders, whichever is asked answers the authority, and all serve. */
final class FleetTest extends FleetContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, SharedStore> stores = new HashMap<>();

    @Override
    protected SharedStore open(String place) {
        return stores.computeIfAbsent(place, any -> SharedStores.inMemory());
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
