package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage that was copied from a machine that died: its locks are nobody's, and some of it is missing. */
final class MovedStorageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static void awaitObtained(Site site, String name) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(site.issuerShown(name)).startsWith("CN=Pebble"));
    }

    /** Copies what is in the storage, but for one certificate, the account and what is known of renewals; with remains of a write, and locks. */
    private Path copied(Site site) throws IOException {
        Path from = folder.resolve("certs");
        Path to = folder.resolve("copy");
        for (Path file : site.stored()) {
            String path = from.relativize(file).toString();
            boolean isLost = path.contains("b.test") || path.startsWith("accounts") || path.startsWith("renewals");
            if (!isLost) {
                Path place = to.resolve(path);
                Files.createDirectories(place.getParent());
                Files.copy(file, place);
            }
        }
        Files.createDirectories(to.resolve("locks"));
        Files.writeString(to.resolve("locks/a.test.lock"), "");
        Files.writeString(
                to.resolve("locks/b.test.lock"), "held by 4711 of the machine that died", StandardCharsets.UTF_8);
        Files.writeString(to.resolve("certificates/.new-4711-1-a.test"), "sha-256: half", StandardCharsets.UTF_8);
        return to;
    }

    @Test
    void isServedAtOnceAndWhatIsMissingIsObtained() throws IOException {
        try (Site site = new Site(folder)) {
            X509Certificate before;
            try (LoadBalancer lb =
                    site.balancer(site.acme().domains("a.test", "b.test")).start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "a.test");
                awaitObtained(site, "b.test");
                before = site.certificateShown("a.test");
            }
            Path copy = copied(site);

            Acme acme = site.acme().domains("a.test", "b.test").storage(copy);
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.port()).isPositive();
                assertThat(site.certificateShown("a.test")).as("at once").isEqualTo(before);
                awaitObtained(site, "b.test");
                assertThat(site.certificateShown("a.test")).as("and on").isEqualTo(before);
                assertThat(site.pebble.orders()).isEqualTo(3);
            }
        }
    }
}
