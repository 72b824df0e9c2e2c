package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.spi.ControlEvent;
import io.lb4j.testkit.http.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From nothing to a certificate of a real authority, which validates over the balancer's own plain listener. */
final class HttpChallengeTest {
    private static final String ISSUED = "CN=Pebble";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aCertificateIsObtainedServedAndKept() throws IOException {
        try (Site site = new Site(folder);
                LoadBalancer lb =
                        site.balancer(site.acme().domains("a.test", "b.test")).start()) {
            assertThat(lb.address("plain").getPort()).isEqualTo(site.plainPort());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.reports).hasSize(2));

            assertThat(site.reports)
                    .extracting(ControlEvent.CertificateReport::name)
                    .containsOnly("certificate_obtained");
            assertThat(site.issuerShown("a.test")).startsWith(ISSUED);
            assertThat(site.issuerShown("b.test")).startsWith(ISSUED);
            assertThat(site.pebble.issued()).isEqualTo(2);
            for (Path file : site.stored()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                        .isEqualTo("rwx------");
            }
            try (RawClient client = RawClient.connect(site.plainPort())) {
                assertThat(client.send("GET /.well-known/acme-challenge/unknown HTTP/1.1\r\nHost: a.test\r\n\r\n")
                                .readResponse()
                                .text())
                        .as("a token that nobody knows is left to the routes")
                        .isEqualTo("served");
            }
        }
    }

    @Test
    void aCertificateThatVouchesForItselfIsServedUntilThen() {
        try (Site site = new Site(folder)) {
            // Pebble stands still, and answers later.
            site.pebble.server().signal("STOP");
            try (LoadBalancer lb = site.balancer(site.acme().domains("a.test")).start()) {
                assertThat(lb.address("plain").getPort()).isPositive();
                assertThat(site.issuerShown("a.test")).isEqualTo("CN=a.test");
                site.pebble.server().signal("CONT");
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.issuerShown("a.test")).startsWith(ISSUED));
            }
        }
    }
}
