package io.lb4j.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.discovery.Watched;
import io.lb4j.testkit.net.TcpRelay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service of more slices than a page holds, by an API server that is a mock unless {@code LB4J_KUBECONFIG} names another. Each test has its own.
 */
final class KubernetesManySlicesTest {
    private static final int SLICES = 502;
    private static final String FIRST = "many-000"; // on the first page
    private static final String LAST = "many-" + (SLICES - 1); // and on the second
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ApiServer api;
    private Path folder;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        api = ApiServer.start(folder);
        for (int slice = 0; slice < SLICES; slice++) {
            String address = "10." + (100 + slice / 250) + ".0." + (1 + slice % 250);
            api.slice(
                    "many", "many-%03d".formatted(slice), ApiServer.pod(address).build());
        }
    }

    @AfterEach
    void end() {
        api.close();
    }

    private Watched watched(TcpRelay relay) throws IOException {
        return Watched.by(Kubernetes.local()
                .kubeconfig(api.kubeconfigBy(relay, folder))
                .namespace(api.namespace())
                .timeout(Duration.ofSeconds(10))
                .service("many", query -> query.probe(Duration.ofMillis(200))));
    }

    @Test
    void aWatchThatHasMissedNothingGoesOnThoughItsVersionsComeInPages() throws IOException {
        try (TcpRelay relay = TcpRelay.to(api.address());
                Watched watched = watched(relay)) {
            await().atMost(PATIENCE).until(() -> watched.addresses().size() == SLICES);
            api.slice("many", FIRST, ApiServer.pod("10.110.0.1").build());
            api.slice("many", LAST, ApiServer.pod("10.110.0.2").build());
            await().atMost(PATIENCE)
                    .until(() -> watched.addresses().contains("10.110.0.1:8080")
                            && watched.addresses().contains("10.110.0.2:8080"));
            await().during(Duration.ofSeconds(2))
                    .atMost(PATIENCE)
                    .until(() -> watched.source().errors() == 0);
        }
    }

    /** The informer's watch has one of the connections for itself, and which one is for the client to choose. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aWatchThatIsSilentlyGoneIsNoticedWhicheverPageHasChanged(int number) throws IOException {
        try (TcpRelay relay = TcpRelay.to(api.address());
                Watched watched = watched(relay)) {
            await().atMost(PATIENCE).until(() -> watched.addresses().size() == SLICES);
            // The mock begins a watch with all slices, and stands still for long if it is cut off from it meanwhile.
            api.slice("many", FIRST, ApiServer.pod("10.112.0." + number).build());
            await().atMost(PATIENCE).until(() -> watched.addresses().contains("10.112.0." + number + ":8080"));
            relay.abandonConnections(each -> each == number);
            String next = "10.111.0." + number;
            api.slice("many", number == 1 ? FIRST : LAST, ApiServer.pod(next).build());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(watched.addresses()).contains(next + ":8080"));
        }
    }
}
