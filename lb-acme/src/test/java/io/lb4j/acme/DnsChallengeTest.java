package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.dns.DnsProvider;
import io.lb4j.acme.dns.DnsProviders;
import io.lb4j.acme.internal.lookup.Lookup;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.testkit.server.Bind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real authority validates by DNS, at a real BIND whose zone is changed with a key. */
final class DnsChallengeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Bind.Key KEY = new Bind.Key("lbkey", "c2VjcmV0LW9mLXRoZS16b25lLXRlc3QtMDEyMzQ1Njc4OQ==");
    private static final String[] ZONE = {
        "*.w 1 A 127.0.0.1",
        "w 1 A 127.0.0.1",
        "c 1 A 127.0.0.1",
        "_acme-challenge.c 1 CNAME proofs.elsewhere",
        "d 1 A 127.0.0.1"
    };

    @TempDir
    Path folder;

    private static InetSocketAddress address(Bind dns) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), dns.port());
    }

    private static DnsProvider signed(Bind dns) {
        return DnsProviders.rfc2136(address(dns), "hmac-sha256", KEY.name(), KEY.secret());
    }

    private static Acme overDns(Site site, Bind dns, DnsProvider provider) {
        return site.acme()
                .challenges(ChallengeType.DNS)
                .dns(by -> by.provider(provider)
                        .resolvers(address(dns))
                        .checkAtResolvers()
                        .timeout(Duration.ofSeconds(20)));
    }

    private static void awaitObtained(Site site, String name) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(site.issuerShown(name)).startsWith("CN=Pebble"));
    }

    @Test
    void aWildcardAndItsBaseAreValidatedWithTwoRecordsAtOneName() {
        try (Bind dns = Bind.startWithKey(KEY, ZONE);
                Site site = new Site(folder, settings -> settings.dnsPort(dns.port()));
                LoadBalancer lb = site.balancer(overDns(site, dns, signed(dns)).certificate("w.test", "*.w.test"))
                        .start()) {
            assertThat(lb.port()).isPositive();
            awaitObtained(site, "any.w.test");
            assertThat(site.certificateShown("w.test")).isEqualTo(site.certificateShown("other.w.test"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(texts(dns, "_acme-challenge.w.test"))
                            .as("taken out again")
                            .isEmpty());
        }
    }

    private static List<String> texts(Bind dns, String name) throws Exception {
        try (Lookup lookup = new Lookup()) {
            return lookup.texts(address(dns), name);
        }
    }

    @Test
    void aNameThatDelegatesItsChallengesIsFollowed() {
        try (Bind dns = Bind.startWithKey(KEY, ZONE);
                Site site = new Site(folder, settings -> settings.dnsPort(dns.port()));
                LoadBalancer lb = site.balancer(overDns(site, dns, signed(dns)).domains("c.test"))
                        .start()) {
            assertThat(lb.port()).isPositive();
            awaitObtained(site, "c.test");
        }
    }

    @Test
    void recordsGoWhereItIsSaid() {
        try (Bind dns = Bind.startWithKey(KEY, ZONE);
                Site site = new Site(folder, settings -> settings.dnsPort(dns.port()));
                LoadBalancer lb = site.balancer(overDns(site, dns, signed(dns))
                                .dns(by -> by.alias("proofs.elsewhere.test"))
                                .domains("c.test"))
                        .start()) {
            assertThat(lb.port()).isPositive();
            awaitObtained(site, "c.test");
        }
    }

    @Test
    void aProgramThatWasWrittenForLegoWorks() throws IOException {
        try (Bind dns = Bind.startWithKey(KEY, ZONE);
                Site site = new Site(folder, settings -> settings.dnsPort(dns.port()))) {
            Path program =
                    Files.writeString(folder.resolve("update.sh"), """
                    #!/bin/sh
                    case "$1" in present) action=add ;; cleanup) action=delete ;; *) exit 3 ;; esac
                    printf 'server 127.0.0.1 %s\\nkey hmac-sha256:%s %s\\nzone test.\\nupdate %%s %%s 1 TXT "%%s"\\nsend\\n' "$action" "$2" "$3" | nsupdate
                    """.formatted(dns.port(), KEY.name(), KEY.secret()));
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            try (LoadBalancer lb = site.balancer(
                            overDns(site, dns, DnsProviders.exec(program)).domains("d.test"))
                    .start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "d.test");
            }
        }
    }

    @Test
    void aKeyThatIsNotTheZonesIsToldWithWhatTheServerSaid() {
        try (Bind dns = Bind.startWithKey(KEY, ZONE);
                Site site = new Site(folder, settings -> settings.dnsPort(dns.port()));
                LoadBalancer lb = site.balancer(overDns(
                                        site,
                                        dns,
                                        DnsProviders.rfc2136(address(dns), "hmac-sha256", "lbkey", "b3RoZXI="))
                                .domains("d.test"))
                        .start()) {
            assertThat(lb.port()).isPositive();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.reports).isNotEmpty());
            AcmeFailure failure = (AcmeFailure) site.reports.get(0).failure().orElseThrow();
            assertThat(failure.kind()).isEqualTo(AcmeFailure.Kind.LOCAL);
            assertThat(failure)
                    .hasMessageContaining("d.test: the TXT record cannot be added: ")
                    .hasMessageNotContaining("b3RoZXI");
        }
    }
}
