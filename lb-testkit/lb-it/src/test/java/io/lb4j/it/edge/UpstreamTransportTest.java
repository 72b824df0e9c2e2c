package io.lb4j.it.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.it.edge.ToyUpstream.Mode;
import io.lb4j.model.ProxyProtocol;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A cluster's further transports, with one that knows public packages alone. */
final class UpstreamTransportTest {
    private static final String GET = "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private static LoadBalancerBuilder with(ScriptedUpstream tcp, Consumer<ClusterBuilder> more) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("api", cluster -> more.accept(cluster.endpoint("127.0.0.1", tcp.port())))
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(5)));
    }

    @Test
    void carriesRequestsOverPooledConnections() {
        ToyUpstream toy = new ToyUpstream(Mode.CONNECTS);
        try (ScriptedUpstream tcp = ScriptedUpstream.start();
                LoadBalancer lb = with(tcp, cluster -> cluster.http3(toy)).start();
                RawClient client = RawClient.connect(lb.port())) {
            for (int i = 0; i < 5; i++) {
                RawResponse response = client.send(GET).readResponse();
                assertThat(response.headers().first("x-upstream")).contains("toy");
                assertThat(response.text()).isEqualTo("GET /x ");
            }
            assertThat(client.send("POST /y HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                            .readResponse()
                            .text())
                    .isEqualTo("POST /y hi");

            assertThat(toy.opened).hasValue(1);
            assertThat(lb.stats().clusters())
                    .hasEntrySatisfying(
                            "api",
                            cluster -> assertThat(cluster.transports())
                                    .isEqualTo(Map.of(
                                            "toy",
                                            Map.of("connections", 1L, "fallbacks", 0L, "endpoints_left_out", 0L))));
            assertThat(tcp.connections().accepted()).isZero();
            assertThat(toy.contexts).singleElement().satisfies(context -> {
                assertThat(context.cluster().name()).isEqualTo("api");
                assertThat(context.tls()).isEmpty();
                assertThat(context.eventLoops()).containsAll(toy.loops);
            });
        }
        assertThat(toy.closedConnectors).hasValue(1);
    }

    @Test
    void givesWayToTcpWhereItFailsAndIsLeftOutForAWhile() {
        for (Mode mode : new Mode[] {Mode.FAILS, Mode.THROWS}) {
            ToyUpstream toy = new ToyUpstream(mode);
            try (ScriptedUpstream tcp = ScriptedUpstream.start();
                    LoadBalancer lb = with(tcp, cluster -> cluster.http3(toy).pool(pool -> pool.maxRequests(1)))
                            .start();
                    RawClient client = RawClient.connect(lb.port())) {
                for (int i = 0; i < 5; i++) {
                    assertThat(client.send(GET).readResponse().headers().contains("x-upstream"))
                            .isFalse();
                }
                assertThat(tcp.requestCount()).isEqualTo(5);
                assertThat(toy.attempts).hasValue(1);
                assertThat(lb.stats().clusters())
                        .hasEntrySatisfying(
                                "api",
                                cluster -> assertThat(cluster.transports().get("toy"))
                                        .containsEntry("fallbacks", 5L)
                                        .containsEntry("endpoints_left_out", 1L));
            }
        }
    }

    @Test
    void isUsedForTheEndpointsThatItKnowsAndHearsOfOthers() {
        ToyUpstream toy = new ToyUpstream(Mode.CONNECTS);
        toy.knowsEndpoints = false;
        try (ScriptedUpstream tcp = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).header("alt-svc", "toy=\":1\"")));
                LoadBalancer lb = with(tcp, cluster -> cluster.http3(toy).pool(pool -> pool.maxRequests(1)))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            assertThat(client.send(GET).readResponse().headers().contains("x-upstream"))
                    .isFalse();
            assertThat(toy.altSvc).containsExactly(tcp.port() + " toy=\":1\"");
            assertThat(toy.attempts).hasValue(0);

            toy.knowsEndpoints = true;
            assertThat(client.send(GET).readResponse().headers().first("x-upstream"))
                    .contains("toy");
        }
    }

    @Test
    void isTriedAgainWhenItsTimeHasCome() {
        ToyUpstream toy = new ToyUpstream(Mode.FAILS);
        try (ScriptedUpstream tcp = ScriptedUpstream.start();
                LoadBalancer lb = with(
                                tcp,
                                cluster -> cluster.http3(toy)
                                        .transportRetryAfter(Duration.ofMillis(1))
                                        .pool(pool -> pool.maxRequests(1)))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            assertThat(client.send(GET).readResponse().headers().contains("x-upstream"))
                    .isFalse();
            toy.mode = Mode.CONNECTS;
            await().until(() -> client.send(GET).readResponse().headers().contains("x-upstream"));
        }
    }

    @TimeBound
    @Test
    void losesTheRaceWhereItDoesNotAnswer() {
        ToyUpstream toy = new ToyUpstream(Mode.NEVER_ANSWERS);
        try (ScriptedUpstream tcp = ScriptedUpstream.start();
                LoadBalancer lb = with(
                                tcp,
                                cluster -> cluster.http3(toy)
                                        .transportHeadStart(Duration.ofMillis(20))
                                        .connectTimeout(Duration.ofMillis(50))
                                        .tlsHandshakeTimeout(Duration.ofMillis(50))
                                        .pool(pool -> pool.maxRequests(1)))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            assertThat(toy.attempts).hasValue(1);
            await().until(() -> {
                int before = toy.attempts.get();
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
                return toy.attempts.get() == before; // it has been given up by then
            });
        }
    }

    @Test
    void keepsItsConnectionsThroughAnUpdateThatSaysTheSame() {
        ToyUpstream toy = new ToyUpstream(Mode.CONNECTS);
        try (ScriptedUpstream tcp = ScriptedUpstream.start();
                LoadBalancer lb = with(tcp, cluster -> cluster.http3(toy)).start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send(GET).readResponse();
            lb.update(with(tcp, cluster -> cluster.http3(toy))
                    .route("gone", route -> route.path("/gone").respond(410))
                    .configuration());
            client.send(GET).readResponse();
            assertThat(toy.opened).hasValue(1);

            lb.update(with(tcp, cluster -> {}).configuration());
            assertThat(client.send(GET).readResponse().headers().contains("x-upstream"))
                    .isFalse();
            assertThat(toy.closedConnectors).hasValue(1);
        }
    }

    @Test
    void isRefusedBesideAProxyHeader() {
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener(listener -> listener.port(0))
                        .cluster(
                                "api",
                                cluster -> cluster.endpoint("127.0.0.1", 1)
                                        .http3(new ToyUpstream(Mode.CONNECTS))
                                        .proxyProtocol(ProxyProtocol.V2))
                        .configuration())
                .hasMessageContaining("clusters.api.proxy_protocol: v2 (expected: none, because transports are set)");
    }
}
