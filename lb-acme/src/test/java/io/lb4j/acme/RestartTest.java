package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was obtained once outlives the process, and does without the authority. */
final class RestartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    static X509Certificate obtained(Site site, Acme acme, String name) {
        try (LoadBalancer lb = site.balancer(acme).start()) {
            assertThat(lb.port()).isPositive();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.issuerShown(name)).startsWith("CN=Pebble"));
            return site.certificateShown(name);
        }
    }

    @Test
    void servesAtOnceWhatIsStoredThoughTheAuthorityIsDown() {
        try (Site site = new Site(folder)) {
            Acme acme = site.acme().domains("a.test");
            X509Certificate before = obtained(site, acme, "a.test");
            site.pebble.server().kill();
            site.reports.clear();

            try (LoadBalancer lb =
                    site.balancer(site.acme().domains("a.test", "b.test")).start()) {
                assertThat(lb.port()).isPositive();
                assertThat(site.certificateShown("a.test")).isEqualTo(before);
                assertThat(site.issuerShown("b.test")).isEqualTo("CN=b.test");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(site.reports)
                                .singleElement()
                                .satisfies(report -> {
                                    assertThat(report.name()).isEqualTo("certificate_failed");
                                    assertThat(report.failure().orElseThrow())
                                            .hasMessageContaining("b.test: localhost")
                                            .hasMessageContaining("cannot be reached");
                                }));
            }
        }
    }

    @Test
    void asksForNothingAgain() {
        try (Site site = new Site(folder)) {
            X509Certificate before = obtained(site, site.acme().domains("a.test"), "a.test");
            X509Certificate after = obtained(site, site.acme().domains("a.test"), "a.test");
            assertThat(after).isEqualTo(before);
            assertThat(site.pebble.orders()).isEqualTo(1);
        }
    }

    @Test
    void leavesADamagedValueAsideAndOrdersAnew() throws IOException {
        try (Site site = new Site(folder)) {
            X509Certificate before = obtained(site, site.acme().domains("a.test"), "a.test");
            for (Path file : site.stored()) {
                if (file.toString().contains("certificates")) {
                    byte[] whole = Files.readAllBytes(file);
                    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
                }
            }
            X509Certificate after = obtained(site, site.acme().domains("a.test"), "a.test");
            assertThat(after.getSerialNumber()).isNotEqualTo(before.getSerialNumber());
        }
    }

    @Test
    void theAccountIsMadeOnceAndMadeAgainWhereItIsLost() throws IOException {
        try (Site site = new Site(folder)) {
            obtained(site, site.acme().domains("a.test"), "a.test");
            String account = account(site);
            obtained(site, site.acme().domains("b.test"), "b.test");
            assertThat(account(site)).isEqualTo(account);

            Path file = accountFile(site);
            Files.delete(file);
            obtained(site, site.acme().domains("c.test"), "c.test");
            assertThat(account(site)).isNotEqualTo(account);
        }
    }

    private static Path accountFile(Site site) {
        return site.stored().stream()
                .filter(path -> path.toString().contains("accounts"))
                .findFirst()
                .orElseThrow();
    }

    private static String account(Site site) throws IOException {
        return Files.readString(accountFile(site), StandardCharsets.UTF_8);
    }

    @Test
    void aStorageThatCannotBeReadFailsTheStart() throws IOException {
        Files.writeString(folder.resolve("file"), "no folder");
        Acme acme = Acme.letsEncrypt("admin@example.com")
                .domains("a.test")
                .storage(folder.resolve("file").resolve("certs"));
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener(listener -> listener.port(0).tls(tls -> {}))
                        .acme(acme)
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("a.test: the storage cannot be read");
    }
}
