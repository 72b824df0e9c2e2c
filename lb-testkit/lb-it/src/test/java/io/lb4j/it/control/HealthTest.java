package io.lb4j.it.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.ClusterBuilder;
import io.lb4j.HealthCheckBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.time.TimeBound;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints that go bad are out within the time that is stated, and come back. */
@TimeBound
final class HealthTest {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private static LoadBalancerBuilder configured(Consumer<ClusterBuilder> cluster) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("api", cluster)
                .route("all", route -> route.path("/**").to("api").retry(retry -> retry.count(0)))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(1)));
    }

    private static Consumer<HealthCheckBuilder> quick(Consumer<HealthCheckBuilder> check) {
        return health -> {
            health.interval(INTERVAL)
                    .jitter(0)
                    .timeout(Duration.ofMillis(500))
                    .rise(2)
                    .fall(2);
            check.accept(health);
        };
    }

    private static ScriptedUpstream named(String name) {
        return ScriptedUpstream.start(script -> script.onAny().answer(200, name));
    }

    private static EndpointStatistics endpoint(LoadBalancer lb, int port) {
        return Objects.requireNonNull(
                Objects.requireNonNull(lb.stats().clusters().get("api"))
                        .endpoints()
                        .get("127.0.0.1:" + port));
    }

    private static void awaitHealth(LoadBalancer lb, int port, String health) {
        // Two checks, an interval apart: a quarter of a second, and what a busy machine adds.
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> endpoint(lb, port).health().equals(health));
    }

    @Test
    void anEndpointThatFailsItsHttpCheckIsOutAndComesBack() {
        try (ScriptedUpstream good = named("good");
                ScriptedUpstream turning = named("turning");
                LoadBalancer lb = configured(cluster -> cluster.endpoint("127.0.0.1", good.port())
                                .endpoint("127.0.0.1", turning.port())
                                .ejection(ejection -> ejection.off())
                                .health(quick(health -> health.http("/healthz").host("check.test"))))
                        .start()) {
            awaitHealth(lb, turning.port(), "healthy");
            assertThat(turning.awaitRequest(request -> request.head().path().equals("/healthz"))
                            .head()
                            .fields()
                            .first("host"))
                    .contains("check.test");

            turning.rescript(script -> script.onAny().answer(500));
            long start = System.nanoTime();
            awaitHealth(lb, turning.port(), "unhealthy");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(Traffic.answers(lb, 6)).containsExactly("good");

            turning.rescript(script -> script.onAny().answer(200, "turning"));
            awaitHealth(lb, turning.port(), "healthy");
            assertThat(Traffic.answers(lb, 6)).containsExactly("good", "turning");
        }
    }

    @Test
    void anEndpointThatAcceptsNoConnectionFailsItsTcpCheck() {
        try (ScriptedUpstream good = named("good");
                ScriptedUpstream turning = named("turning");
                LoadBalancer lb = configured(cluster -> cluster.endpoint("127.0.0.1", good.port())
                                .endpoint("127.0.0.1", turning.port())
                                .health(quick(HealthCheckBuilder::tcp)))
                        .start()) {
            awaitHealth(lb, turning.port(), "healthy");

            turning.stopListening();
            awaitHealth(lb, turning.port(), "unhealthy");
            turning.resumeListening();
            awaitHealth(lb, turning.port(), "healthy");
        }
    }

    @Test
    void aTcpCheckOfASecuredClusterTakesTheHandshake(@TempDir Path folder) throws IOException {
        TestCertificates authority = TestCertificates.create();
        Path trust = authority.writePem(folder.resolve("ca.pem"));
        ServerTls good = ServerTls.with(authority.server("127.0.0.1"));
        ServerTls bad = ServerTls.with(authority.server("other.test"));
        try (ScriptedUpstream trusted = ScriptedUpstream.start(
                        script -> script.tls(good).onAny().answer(200));
                ScriptedUpstream impostor =
                        ScriptedUpstream.start(script -> script.tls(bad).onAny().answer(200));
                LoadBalancer lb = configured(cluster -> cluster.endpoint("127.0.0.1", trusted.port())
                                .endpoint("127.0.0.1", impostor.port())
                                .tls(tls -> tls.trust(trust))
                                .health(quick(HealthCheckBuilder::tcp)))
                        .start()) {
            awaitHealth(lb, trusted.port(), "healthy");
            awaitHealth(lb, impostor.port(), "unhealthy");
        }
    }

    @Test
    void anHttpCheckIsAskedOverHttp2WhereTheClusterSpeaksIt() {
        try (ScriptedH2Upstream good =
                        ScriptedH2Upstream.start(script -> script.onAny().answer(200));
                ScriptedH2Upstream bad =
                        ScriptedH2Upstream.start(script -> script.onAny().answer(500));
                LoadBalancer lb = configured(cluster -> cluster.endpoint("127.0.0.1", good.port())
                                .endpoint("127.0.0.1", bad.port())
                                .protocol(UpstreamProtocol.HTTP2)
                                .health(quick(health -> health.http("/healthz"))))
                        .start()) {
            awaitHealth(lb, good.port(), "healthy");
            awaitHealth(lb, bad.port(), "unhealthy");
        }
    }

    @Test
    void failuresInARowEjectAnEndpointForATimeThatGrows() {
        List<ControlEvent> events = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream good = named("good");
                ScriptedUpstream bad =
                        ScriptedUpstream.start(script -> script.onAny().answer(503));
                LoadBalancer lb = configured(cluster -> cluster.endpoint("127.0.0.1", good.port())
                                .endpoint("127.0.0.1", bad.port())
                                .ejection(ejection -> ejection.consecutiveFailures(3)
                                        .baseTime(Duration.ofMillis(300))
                                        .interval(Duration.ofMinutes(1))))
                        .observer(new Observer() {
                            @Override
                            public void onControl(ControlEvent event) {
                                events.add(event);
                            }
                        })
                        .start()) {
            awaitEjected(lb, bad.port(), true);
            assertThat(Traffic.answers(lb, 6)).containsExactly("good");
            awaitEjected(lb, bad.port(), false);
            awaitEjected(lb, bad.port(), true);
            bad.rescript(script -> script.onAny().answer(200, "bad"));
            awaitEjected(lb, bad.port(), false);
            assertThat(Traffic.answers(lb, 6)).containsExactly("bad", "good");
            await().until(() -> events.stream()
                            .filter(ControlEvent.EndpointRecovered.class::isInstance)
                            .count()
                    == 2);
        }
        assertThat(events)
                .filteredOn(ControlEvent.EndpointEjected.class::isInstance)
                .extracting(
                        event -> ((ControlEvent.EndpointEjected) event).time().toMillis() / 100)
                .satisfiesExactly(
                        first -> assertThat(first).isBetween(2L, 3L),
                        second -> assertThat(second).isBetween(5L, 6L));
    }

    private static void awaitEjected(LoadBalancer lb, int port, boolean ejected) {
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            Traffic.answers(lb, ejected ? 2 : 0);
            return endpoint(lb, port).isEjected() == ejected;
        });
    }

    @Test
    void anEndpointOfWhichTooManyRequestsFailIsEjectedAmongItsLike() {
        try (ScriptedUpstream a = named("a");
                ScriptedUpstream b = named("b");
                ScriptedUpstream c = named("c");
                ScriptedUpstream bad = ScriptedUpstream.start(script -> {
                    script.on("/").times(1).answer(503);
                    script.onAny().answer(200, "bad");
                });
                LoadBalancer lb = configured(cluster -> {
                            for (ScriptedUpstream upstream : List.of(a, b, c, bad)) {
                                cluster.endpoint("127.0.0.1", upstream.port());
                            }
                            cluster.ejection(ejection -> ejection.consecutiveFailures(1000)
                                    .interval(Duration.ofMillis(400))
                                    .successRateFactor(io.lb4j.config.Limit.of(1.2))
                                    .successRateMinEndpoints(3)
                                    .successRateMinRequests(5));
                        })
                        .start()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                bad.rescript(script -> {
                    script.onAny().times(1).answer(503);
                    script.onAny().answer(200, "bad");
                });
                Traffic.answers(lb, 16);
                return endpoint(lb, bad.port()).isEjected();
            });
            assertThat(Traffic.answers(lb, 6)).doesNotContain("bad", "503");
        }
    }

    @Test
    void whereAllAreUnhealthyAllAreUsed() {
        try (ScriptedUpstream one = ScriptedUpstream.start(script -> {
                    script.on("/healthz").answer(500);
                    script.onAny().answer(200, "one");
                });
                LoadBalancer lb = configured(cluster -> cluster.endpoint("127.0.0.1", one.port())
                                .health(quick(health -> health.http("/healthz"))))
                        .start()) {
            awaitHealth(lb, one.port(), "unhealthy");

            assertThat(Traffic.answers(lb, 2)).containsExactly("one");
            assertThat(Objects.requireNonNull(lb.stats().clusters().get("api")).isPanicking())
                    .isTrue();
        }
    }

    @Test
    void whereAllAreUnhealthyAndPanicIsOffNoneIsUsed() {
        try (ScriptedUpstream one =
                        ScriptedUpstream.start(script -> script.onAny().answer(500));
                LoadBalancer lb = configured(cluster -> cluster.endpoint("127.0.0.1", one.port())
                                .panicThreshold(0)
                                .health(quick(health -> health.http("/healthz"))))
                        .start()) {
            awaitHealth(lb, one.port(), "unhealthy");

            assertThat(Traffic.answers(lb, 2)).containsExactly("503");
        }
    }

    @Test
    void anUpdateKeepsWhatIsKnownOfEndpointsHoweverTheyAreConnectedToOrChecked() {
        try (ScriptedUpstream good = named("good");
                ScriptedUpstream ejected =
                        ScriptedUpstream.start(script -> script.onAny().answer(503));
                ScriptedUpstream unhealthy = ScriptedUpstream.start(script -> {
                    script.on("/healthz").answer(500);
                    script.onAny().answer(200, "unhealthy");
                })) {
            Consumer<ClusterBuilder> says = cluster -> {
                for (ScriptedUpstream upstream : List.of(good, ejected, unhealthy)) {
                    cluster.endpoint("127.0.0.1", upstream.port());
                }
                cluster.panicThreshold(0)
                        .ejection(ejection -> ejection.consecutiveFailures(2))
                        .health(health ->
                                health.http("/healthz").statuses("200-404").interval(INTERVAL));
            };
            good.rescript(script -> script.onAny().answer(200, "good"));
            ejected.rescript(script -> {
                script.on("/healthz").answer(200);
                script.onAny().answer(503);
            });
            try (LoadBalancer lb = configured(says).start()) {
                awaitHealth(lb, unhealthy.port(), "unhealthy");
                awaitEjected(lb, ejected.port(), true);

                lb.update(configured(cluster -> {
                            says.accept(cluster);
                            cluster.connectTimeout(Duration.ofSeconds(1))
                                    .ejection(ejection -> ejection.maxTime(Duration.ofMinutes(3)))
                                    .health(health -> health.interval(Duration.ofMinutes(1)));
                        })
                        .configuration());

                assertThat(endpoint(lb, unhealthy.port()).health()).isEqualTo("unhealthy");
                assertThat(endpoint(lb, ejected.port()).isEjected()).isTrue();
                assertThat(Traffic.answers(lb, 6)).containsExactly("good");
            }
        }
    }
}
