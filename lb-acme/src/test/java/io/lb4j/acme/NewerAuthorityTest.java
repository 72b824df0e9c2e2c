package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.testkit.server.PebbleSettings;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An authority that says when it wants certificates to be renewed (RFC 9773), and has profiles. */
final class NewerAuthorityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private static X509Certificate obtained(Site site, Acme acme) {
        try (LoadBalancer lb = site.balancer(acme).start()) {
            assertThat(lb.port()).isPositive();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.issuerShown("a.test")).startsWith("CN=Pebble"));
            return site.certificateShown("a.test");
        }
    }

    @Test
    void aCertificateIsRenewedWhenItsAuthoritySaysAndNamesTheOneItReplaces() throws Exception {
        try (Site site = new Site(folder, PebbleSettings::newer)) {
            X509Certificate first = obtained(site, site.acme().domains("a.test"));
            Instant now = Instant.now();
            site.pebble.renewalWindow(first, now.minus(DAY.multipliedBy(2)), now.minus(DAY));
            // As if six hours had passed, after which it is asked again.
            AcmeStorage storage = AcmeStorages.files(folder.resolve("certs"));
            for (String key : storage.keys("renewals/")) {
                storage.remove(key);
            }

            Acme acme = site.acme().domains("a.test");
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(site.certificateShown("a.test")).isNotEqualTo(first));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(acme.standing().get(0).nextAttempt())
                                .as("of the new certificate, months away")
                                .isAfter(now.plus(DAY.multipliedBy(30))));
            }
            assertThat(site.pebble.orders()).isEqualTo(2);
            assertThat(site.pebble.replacements()).isEqualTo(1);
        }
    }

    @Test
    void aProfileIsAskedForAndOneThatIsUnknownIsToldOf() {
        try (Site site = new Site(
                folder,
                settings ->
                        settings.newer().profile("usual", DAY.multipliedBy(90)).profile("short", DAY))) {
            X509Certificate shown = obtained(site, withProfile(site, "short").domains("a.test"));
            assertThat(shown.getNotAfter().toInstant()).isBefore(Instant.now().plus(DAY.multipliedBy(2)));

            site.reports.clear();
            try (LoadBalancer lb =
                    site.balancer(withProfile(site, "shrot").domains("b.test")).start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(site.reports)
                                .anySatisfy(
                                        report -> assertThat(report.failure().orElseThrow())
                                                .hasMessageContaining("b.test: ")
                                                .hasMessageContaining("shrot")));
            }
        }
    }

    private Acme withProfile(Site site, String profile) {
        return Acme.authority(authority -> authority
                        .directory(site.pebble.directory().toString())
                        .trust(site.trust())
                        .profile(profile))
                .acceptTerms()
                .storage(folder.resolve("certs"));
    }
}
