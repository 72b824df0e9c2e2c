package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.ControlEvent;
import io.lb4j.stats.CertificateStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.tls.ClientTls;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real authority asks of its clients, and what becomes of its refusals. */
final class AuthorityTest {
    private static final String ISSUED = "CN=Pebble";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String EAB_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    @TempDir
    Path folder;

    private static void awaitObtained(Site site, String name) {
        awaitObtained(site, name, PATIENCE);
    }

    private static void awaitObtained(Site site, String name, Duration patience) {
        await().atMost(patience)
                .untilAsserted(() -> assertThat(site.issuerShown(name)).startsWith(ISSUED));
    }

    private static AcmeFailure awaitFailure(Site site) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(site.reports)
                        .anySatisfy(report -> assertThat(report.failure()).isPresent()));
        return (AcmeFailure) site.reports.stream()
                .filter(report -> report.failure().isPresent())
                .findFirst()
                .flatMap(ControlEvent.CertificateReport::failure)
                .orElseThrow();
    }

    @Test
    void anExternalAccountIsBoundWhereTheAuthorityWantsOne() {
        try (Site site = new Site(folder, settings -> settings.externalAccount("kid-1", EAB_KEY))) {
            try (LoadBalancer lb = site.balancer(site.acme().domains("a.test")).start()) {
                assertThat(lb.port()).isPositive();
                assertThat(awaitFailure(site))
                        .hasMessageContaining("wants an external account (expected: eab_key_id and eab_hmac_key");
            }
            Acme bound = Acme.authority(authority -> authority
                            .directory(site.pebble.directory().toString())
                            .trust(site.trust())
                            .externalAccount("kid-1", EAB_KEY))
                    .acceptTerms()
                    .domains("b.test")
                    .storage(folder.resolve("bound"));
            try (LoadBalancer lb = site.balancer(bound).start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "b.test");
            }
        }
    }

    @Test
    void termsAreAcceptedByNobodyButTheOwner() {
        try (Site site = new Site(folder)) {
            Acme silent = Acme.authority(authority -> authority
                            .directory(site.pebble.directory().toString())
                            .trust(site.trust()))
                    .domains("a.test")
                    .storage(folder.resolve("silent"));
            try (LoadBalancer lb = site.balancer(silent).start()) {
                assertThat(lb.port()).isPositive();
                assertThat(awaitFailure(site))
                        .hasMessageContaining("has terms of service: ")
                        .hasMessageContaining("(expected: accept_terms");
                assertThat(site.pebble.orders()).isZero();
            }
        }
    }

    @Test
    void aChainIsChosenByItsIssuer() throws Exception {
        try (Site site = new Site(folder, settings -> settings.alternateRoots(2))) {
            X509Certificate root = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(site.pebble.root(2).getBytes(StandardCharsets.US_ASCII)));
            String wanted = root.getSubjectX500Principal().getName().substring("CN=".length());
            Acme acme = Acme.authority(authority -> authority
                            .directory(site.pebble.directory().toString())
                            .trust(site.trust())
                            .preferredChain(wanted))
                    .acceptTerms()
                    .domains("a.test")
                    .storage(folder.resolve("chain"));
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "a.test");
                Certificate held = acmeOf(lb, acme).cached("a.test").orElseThrow();
                assertThat(held.chain().get(held.chain().size() - 1).getIssuerX500Principal())
                        .isEqualTo(root.getSubjectX500Principal());
            }
        }
    }

    private static Acme acmeOf(LoadBalancer lb, Acme acme) {
        return lb.configuration().acme().map(part -> part.create(Acme.class)).orElse(acme);
    }

    @Test
    void aNameThatCannotBeValidatedIsToldWithWhatTheAuthoritySaid() {
        try (Site site = new Site(folder);
                ReservedPort nobody = ReservedPort.any()) {
            site.pebble.dns("add-a", "{\"host\":\"gone.test\",\"addresses\":[\"127.0.0.99\"]}");
            try (LoadBalancer lb = site.balancer(
                            site.acme().domains("gone.test", "a.test").challenges(ChallengeType.HTTP))
                    .start()) {
                assertThat(lb.port()).isPositive();
                assertThat(nobody.port()).isPositive();
                awaitObtained(site, "a.test");
                AcmeFailure failure = awaitFailure(site);
                assertThat(failure.kind()).isEqualTo(AcmeFailure.Kind.CHALLENGE_FAILED);
                assertThat(failure)
                        .hasMessageContaining("gone.test: localhost")
                        .hasMessageContaining("could not validate it by http-01: ")
                        .hasMessageContaining("[urn:ietf:params:acme:error:connection]")
                        .hasMessageContaining(
                                "(expected: http://gone.test/.well-known/acme-challenge/ at port 80 leads");
                assertThat(failure.details().name()).contains("gone.test");
            }
        }
    }

    @Test
    void theNextKindOfChallengeIsTriedWhereOneFails() {
        try (Site site = new Site(folder);
                ReservedPort other = ReservedPort.any()) {
            // The plain listener is elsewhere than Pebble looks: only TLS-ALPN-01 can succeed.
            try (LoadBalancer lb = site.securedOnly(site.acme().domains("a.test"))
                    .listener(
                            "elsewhere", listener -> listener.host("127.0.0.1").port(other.port()))
                    .start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "a.test");
                assertThat(site.pebble.orders()).isEqualTo(2);
            }
        }
    }

    /** One request in a thousand is rejected as often as it is made, so that one order in forty begins anew, a minute later. */
    @Test
    void anAuthorityThatRejectsMostNoncesAndTakesItsTimeIsPutUpWith() {
        try (Site site =
                        new Site(folder, settings -> settings.rejectedNonces(50).validationDelay(2));
                LoadBalancer lb = site.balancer(site.acme().certificate("a.test", "b.test"))
                        .start()) {
            assertThat(lb.port()).isPositive();
            awaitObtained(site, "b.test", PATIENCE.multipliedBy(5));
        }
    }

    @Test
    void aCertificateThatIsRevokedIsReplacedUnderLoadWithoutAFailedHandshake() throws Exception {
        try (Site site = new Site(folder)) {
            Acme acme = site.acme().domains("a.test");
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.port()).isPositive();
                awaitObtained(site, "a.test");
                BigInteger first = site.certificateShown("a.test").getSerialNumber();
                AtomicBoolean done = new AtomicBoolean();
                AtomicInteger served = new AtomicInteger();
                Thread load = new Thread(() -> {
                    while (!done.get()) {
                        try (RawClient client = RawClient.connect(
                                site.securedPort(), ClientTls.trustAll().serverName("a.test"))) {
                            client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                                    .readResponse();
                            served.incrementAndGet();
                        }
                    }
                });
                AtomicInteger failed = new AtomicInteger();
                load.setUncaughtExceptionHandler((thread, failure) -> failed.incrementAndGet());
                load.start();
                acme.revoke("A.test", RevocationReason.SUPERSEDED);
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.certificateShown("a.test").getSerialNumber())
                                        .isNotEqualTo(first));
                done.set(true);
                load.join();

                assertThat(failed).hasValue(0);
                assertThat(served.get()).isPositive();
                assertThat(site.pebble.isRevoked(first)).isTrue();
                CertificateStatistics.Held held = acme.standing().get(0).held().orElseThrow();
                assertThat(held.isRevoked()).isFalse();
                assertThat(lb.stats().certificates()).isEqualTo(acme.standing());
                assertThat(held.shareLeft(Instant.now())).isBetween(0.99, 1.0);
                assertThatThrownBy(() -> acme.revoke("b.test", RevocationReason.SUPERSEDED))
                        .hasMessage("name: \"b.test\" (expected: one that a certificate is kept for)");
            }
        }
    }
}
