package io.lb4j.it.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.spi.DnsDiscovery;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.DiscoveryStatistics;
import io.lb4j.stats.DiscoveryStatistics.State;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.Bind;
import io.lb4j.testkit.time.TimeBound;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints by host name, resolved by a real DNS server. */
@TimeBound
final class HostNamesTest {
    private static final String NAME = "api.test";

    private static LoadBalancerBuilder configured(Bind dns, Consumer<ClusterBuilder> cluster) {
        return configured(dns, Duration.ofSeconds(10), cluster);
    }

    private static LoadBalancerBuilder configured(Bind dns, Duration timeout, Consumer<ClusterBuilder> cluster) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("api", cluster)
                .route("all", route -> route.path("/**").to("api").retry(retry -> retry.count(0)))
                .process(process -> process.eventLoops(1)
                        .drainTimeout(Duration.ofSeconds(1))
                        .dns(names -> names.servers("127.0.0.1:" + dns.port())
                                .timeout(timeout)
                                .ttl(Duration.ofMillis(100), Duration.ofSeconds(1))));
    }

    private static ClusterStatistics cluster(LoadBalancer lb) {
        return Objects.requireNonNull(lb.stats().clusters().get("api"));
    }

    private static EndpointStatistics endpoint(LoadBalancer lb, Origins origins, int index) {
        return Objects.requireNonNull(
                cluster(lb).endpoints().get(origins.get(index).host() + ":" + origins.port()));
    }

    private static DiscoveryStatistics source(LoadBalancer lb) {
        return cluster(lb).sources().get(0);
    }

    @Test
    void everyAddressOfANameIsAnEndpointOfItsOwn() {
        try (Origins origins = Origins.start(3);
                Bind dns = Bind.start("api 1 A 127.0.0.2", "api 1 A 127.0.0.3", "api 1 A 127.0.0.4");
                LoadBalancer lb = configured(dns, cluster -> cluster.endpoint(NAME, origins.port()))
                        .start()) {
            for (int i = 0; i < 9; i++) {
                assertThat(Traffic.get(lb, "/").status()).isEqualTo(200);
            }

            for (int i = 0; i < 3; i++) {
                assertThat(origins.get(i).requests()).isEqualTo(3);
                assertThat(endpoint(lb, origins, i).traffic().requests()).isEqualTo(3);
            }
            assertThat(source(lb).source()).isEqualTo("dns " + NAME + ":" + origins.port());
            assertThat(source(lb).state()).isEqualTo(State.FRESH);
            assertThat(source(lb).endpoints()).isEqualTo(3);
        }
    }

    @Test
    void anAddressThatComesOrGoesIsFollowedAsTheRecordsExpire() {
        try (Origins origins = Origins.start(3);
                Bind dns = Bind.start("api 1 A 127.0.0.2", "api 1 A 127.0.0.3");
                LoadBalancer lb = configured(dns, cluster -> cluster.endpoint(NAME, origins.port()))
                        .start()) {
            assertThat(Traffic.answers(lb, 4)).containsExactly("127.0.0.2", "127.0.0.3");

            dns.replace("api", "A", "1 A 127.0.0.3", "1 A 127.0.0.4");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Traffic.answers(lb, 4).equals(Set.of("127.0.0.3", "127.0.0.4")));
        }
    }

    @Test
    void aNameThatCannotBeResolvedAnyMoreKeepsItsAddresses() {
        try (Origins origins = Origins.start(2);
                Bind dns = Bind.start("api 1 A 127.0.0.2", "api 1 A 127.0.0.3");
                LoadBalancer lb = configured(
                                dns, Duration.ofMillis(300), cluster -> cluster.endpoint(NAME, origins.port()))
                        .start()) {
            dns.server().signal("STOP");
            await().until(() -> source(lb).state() == State.STALE);
            assertThat(Traffic.answers(lb, 4)).containsExactly("127.0.0.2", "127.0.0.3");
            assertThat(source(lb).errors()).isPositive();
            assertThat(cluster(lb).isStale()).isTrue();

            dns.server().signal("CONT");
            await().until(() -> source(lb).state() == State.FRESH);
        }
    }

    @Test
    void aNameThatIsGoneIsBelievedToBeGoneAfterItsGrace() {
        try (Origins origins = Origins.start(1);
                Bind dns = Bind.start("api 1 A 127.0.0.2");
                LoadBalancer lb = configured(
                                dns,
                                cluster -> cluster.endpoint(NAME, origins.port())
                                        .discovery(discovery -> discovery.emptyGrace(Duration.ofMillis(800))))
                        .start()) {
            dns.replace("api", "ANY");
            await().until(() -> source(lb).state() == State.HELD);
            assertThat(Traffic.answers(lb, 1)).containsExactly("127.0.0.2");
            assertThat(source(lb).errors()).isZero();

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Traffic.get(lb, "/").status() == 503);
            dns.replace("api", "A", "1 A 127.0.0.2");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Traffic.get(lb, "/").status() == 200);
        }
    }

    @Test
    void aNameOfWhichNothingCanBeFoundOutIsAnErrorAndNoEmptyAnswer() {
        try (Bind dns = Bind.start();
                LoadBalancer lb = configured(dns, cluster -> cluster.endpoint("api.broken.test", 80))
                        .start()) {
            assertThat(source(lb).state()).isEqualTo(State.STALE);
            assertThat(source(lb).lastError().orElse(""))
                    .contains("api.broken.test")
                    .containsIgnoringCase("servfail");
            assertThat(Traffic.get(lb, "/").status()).isEqualTo(503);
        }
    }

    @Test
    void oneBadAddressIsEjectedAndTheOthersServe() {
        try (Origins origins = Origins.start(3);
                Bind dns = Bind.start("api 1 A 127.0.0.2", "api 1 A 127.0.0.3", "api 1 A 127.0.0.4");
                LoadBalancer lb = configured(
                                dns,
                                cluster -> cluster.endpoint(NAME, origins.port())
                                        .ejection(ejection -> ejection.consecutiveFailures(2)))
                        .start()) {
            origins.get(1).status(503);

            await().until(() -> {
                Traffic.answers(lb, 3);
                return endpoint(lb, origins, 1).isEjected();
            });
            assertThat(Traffic.answers(lb, 6)).containsExactly("127.0.0.2", "127.0.0.4");
        }
    }

    @Test
    void oneBadAddressFailsItsChecksAndTheOthersServe() {
        try (Origins origins = Origins.start(2);
                Bind dns = Bind.start("api 1 A 127.0.0.2", "api 1 A 127.0.0.3");
                LoadBalancer lb = configured(
                                dns,
                                cluster -> cluster.endpoint(NAME, origins.port())
                                        .health(health -> health.http("/")
                                                .interval(Duration.ofMillis(50))
                                                .fall(2)))
                        .start()) {
            origins.get(0).status(500);

            await().until(() -> endpoint(lb, origins, 0).health().equals("unhealthy"));
            assertThat(Traffic.answers(lb, 4)).containsExactly("127.0.0.3");
            assertThat(origins.get(1).lastHost()).isIn("a", NAME + ":" + origins.port());
        }
    }

    @Test
    void theNameStandsInHostWhereTheRouteAsksForTheEndpointsOwn() {
        try (Origins origins = Origins.start(1);
                Bind dns = Bind.start("api 1 A 127.0.0.2");
                LoadBalancer lb = configured(dns, cluster -> cluster.endpoint(NAME, origins.port()))
                        .route("own", route -> route.path("/own").to("api").rewrite(rewrite -> rewrite.endpointHost()))
                        .start()) {
            Traffic.get(lb, "/own");

            assertThat(origins.get(0).lastHost()).isEqualTo(NAME + ":" + origins.port());
        }
    }

    @Test
    void theNameIsAskedForAndVerifiedByTls(@TempDir Path folder) throws IOException {
        TestCertificates authority = TestCertificates.create();
        Path trust = authority.writePem(folder.resolve("ca.pem"));
        ServerTls good = ServerTls.with(authority.server("secure.test"));
        ServerTls bad = ServerTls.with(authority.server("other.test"));
        try (ScriptedUpstream origin = ScriptedUpstream.start(
                        script -> script.tls(good).onAny().answer(200, "secure"));
                ScriptedUpstream impostor =
                        ScriptedUpstream.start(script -> script.tls(bad).onAny().answer(200, "impostor"));
                Bind dns = Bind.start("secure 1 A 127.0.0.1");
                LoadBalancer lb = configured(
                                dns,
                                cluster -> cluster.endpoint("secure.test", origin.port())
                                        .tls(tls -> tls.trust(trust)))
                        .cluster(
                                "bad",
                                cluster -> cluster.endpoint("secure.test", impostor.port())
                                        .tls(tls -> tls.trust(trust)))
                        .route("bad", route -> route.path("/bad").to("bad"))
                        .start()) {
            assertThat(Traffic.get(lb, "/").text()).isEqualTo("secure");
            assertThat(Traffic.get(lb, "/bad").status()).isEqualTo(502);
        }
    }

    @Test
    void servicesAreFoundWithTheirPortsWeightsAndPriorities() {
        try (Origins origins = Origins.start(3);
                Bind dns = Bind.start("two 1 A 127.0.0.2", "three 1 A 127.0.0.3", "four 1 A 127.0.0.4");
                LoadBalancer lb = configured(
                                dns, cluster -> cluster.discovery(DnsDiscovery.services("_http._tcp.test")))
                        .start()) {
            assertThat(Traffic.get(lb, "/").status()).isEqualTo(503);

            dns.replace(
                    "_http._tcp",
                    "SRV",
                    "1 SRV 1 3 " + origins.port() + " two.test.",
                    "1 SRV 1 7 " + origins.port() + " three.test.",
                    "1 SRV 2 7 " + origins.port() + " four.test.");

            await().until(() -> Traffic.answers(lb, 4).equals(Set.of("127.0.0.2", "127.0.0.3")));
            assertThat(endpoint(lb, origins, 0).weight()).isEqualTo(3);
            assertThat(endpoint(lb, origins, 1).weight()).isEqualTo(7);

            lb.actions().drain("api", "127.0.0.2:" + origins.port());
            lb.actions().drain("api", "127.0.0.3:" + origins.port());
            await().until(() -> Traffic.answers(lb, 2).equals(Set.of("127.0.0.4")));
        }
    }

    @Test
    void aNameThatLeadsToCloudMetadataLeadsNowhere() {
        try (Bind dns = Bind.start("api 1 A 169.254.169.254");
                LoadBalancer lb =
                        configured(dns, cluster -> cluster.endpoint(NAME, 80)).start()) {
            assertThat(cluster(lb).endpoints()).isEmpty();
            assertThat(source(lb).lastError().orElse("")).contains("169.254.169.254");
        }
    }

    @Test
    void anUpdateThatBringsANameServesAtOnceAndKeepsTheOthers() {
        try (Origins origins = Origins.start(2);
                Bind dns = Bind.start("api 1 A 127.0.0.2", "two 1 A 127.0.0.3");
                LoadBalancer lb = configured(dns, cluster -> cluster.endpoint(NAME, origins.port()))
                        .start()) {
            lb.update(configured(dns, cluster -> cluster.endpoint("two.test", origins.port()))
                    .cluster("new", cluster -> cluster.endpoint(NAME, origins.port()))
                    .route("new", route -> route.path("/new").to("new"))
                    .configuration());

            assertThat(Traffic.get(lb, "/new").text()).isEqualTo("127.0.0.2");
            assertThat(Traffic.get(lb, "/").status()).isEqualTo(200);
            await().until(() -> Traffic.answers(lb, 2).equals(Set.of("127.0.0.3")));
        }
    }
}
