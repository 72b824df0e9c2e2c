package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet's store that is away at a start: what copies are for, and who would rather not start. */
final class CopiesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final SharedStore store = SharedStores.inMemory();
    private boolean isAway;

    /** Returns the store as one more process has it. */
    private SharedStore way() {
        return (SharedStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SharedStore.class}, (proxy, method, given) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (isAway) {
                        throw new IOException("no route to the store");
                    }
                    try {
                        return method.invoke(store, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Acme acme(Site site) {
        return FleetContract.shared(site).domains("a.test").copies(folder.resolve("copies"));
    }

    @Test
    void aStartWithoutTheStoreServesWhatWasCopiedUnlessItIsRequired() {
        try (Site site = new Site(folder)) {
            X509Certificate obtained;
            try (LoadBalancer lb = site.balancer(acme(site)).store(way()).start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.issuerShown("a.test")).startsWith("CN=Pebble"));
                await().atMost(PATIENCE)
                        .until(() ->
                                folder.resolve("copies/certificates").toFile().exists());
                obtained = site.certificateShown("a.test");
            }
            isAway = true;
            try (LoadBalancer lb = site.balancer(acme(site)).store(way()).start()) {
                assertThat(lb.port()).isPositive();
                assertThat(site.certificateShown("a.test")).isEqualTo(obtained);
            }
            assertThatThrownBy(() -> site.balancer(acme(site).requireStorage())
                            .store(way())
                            .start())
                    .hasStackTraceContaining(
                            "acme: storage_required: the storage cannot be asked: no route to the store");
        }
    }

    @Test
    void copiesOfAStorageThatNobodySharesAreRefused() {
        try (Site site = new Site(folder)) {
            assertThatThrownBy(() -> site.balancer(acme(site)).start())
                    .hasStackTraceContaining(
                            "(expected: only with a storage that instances share, such as shared_store)");
        }
    }
}
