package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import io.lb4j.testkit.time.TimeBound;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests that go to endpoints before the handshake is over (RFC 8470). */
@TimeBound
final class EarlyUpstreamTest {
    /** So far away that a request is served long before the handshake is over, however busy the machine is. */
    private static final Duration FAR = Duration.ofMillis(400);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScriptedUpstream server =
            ScriptedUpstream.start(script -> script.onAny().answer(200, "hello"));

    private static LoadBalancer before(UdpRelay relay, boolean earlyData) {
        return UpstreamTest.before(
                        relay.port(),
                        Http3Upstream.of(http3 -> http3.earlyData(earlyData).maxIdleTimeout(Duration.ofSeconds(1))))
                .start();
    }

    private static UdpRelay relayTo(Edge edge) {
        return UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
    }

    private static RawResponse ask(LoadBalancer balancer, String method) {
        try (RawClient client = RawClient.connect(balancer.port())) {
            return client.send(method + " / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n")
                    .readResponse();
        }
    }

    private static long figure(LoadBalancer balancer, Figure figure) {
        return FiguresTest.upstreamFigure(balancer, figure);
    }

    /** Has a first connection come and go, and leave a ticket behind; the next has far to go. */
    private static void prepare(LoadBalancer balancer, UdpRelay relay) {
        assertThat(ask(balancer, "GET").status()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> figure(balancer, Figure.CONNECTIONS_OPEN) == 0);
        relay.impair(Impairment.none().delay(FAR));
    }

    @Test
    void aSafeRequestDoesNotWaitForIt() {
        try (server;
                Edge edge = Edge.before(server);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(relay, true)) {
            prepare(balancer, relay);
            assertThat(ask(balancer, "GET").text()).isEqualTo("hello");

            assertThat(server.awaitRequests(2).get(1).headers().all("early-data"))
                    .containsExactly("1");
            assertThat(figure(balancer, Figure.REQUESTS_EARLY)).isEqualTo(1);
            assertThat(figure(balancer, Figure.CONNECTIONS_RESUMED)).isEqualTo(1);
            assertThat(edge.figure(Figure.CONNECTIONS_EARLY)).isEqualTo(1);
        }
    }

    @Test
    void othersWait() {
        try (server;
                Edge edge = Edge.before(server);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(relay, true)) {
            prepare(balancer, relay);
            assertThat(ask(balancer, "DELETE").text()).isEqualTo("hello");

            assertThat(server.awaitRequests(2).get(1).headers().contains("early-data"))
                    .isFalse();
            assertThat(figure(balancer, Figure.REQUESTS_EARLY)).isZero();
            assertThat(figure(balancer, Figure.CONNECTIONS_RESUMED)).isEqualTo(1);
        }
    }

    @Test
    void nothingGoesEarlyWhereNobodyHasAsked() {
        try (server;
                Edge edge = Edge.before(server);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(relay, false)) {
            prepare(balancer, relay);
            assertThat(ask(balancer, "GET").text()).isEqualTo("hello");

            assertThat(server.awaitRequests(2).get(1).headers().contains("early-data"))
                    .isFalse();
            assertThat(figure(balancer, Figure.REQUESTS_EARLY)).isZero();
        }
    }

    @Test
    void whatTheEndpointDoesNotTakeEarlyComesAgain() {
        try (server;
                Edge edge = Edge.before(server);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(relay, true)) {
            prepare(balancer, relay);
            edge.balancer()
                    .update(Edge.builder(
                                    server, Http3.of(http3 -> http3.earlyData(false)), listener -> {}, builder -> {})
                            .configuration());
            assertThat(ask(balancer, "GET").text()).isEqualTo("hello");

            assertThat(figure(balancer, Figure.REQUESTS_EARLY)).isEqualTo(1);
            assertThat(edge.figure(Figure.CONNECTIONS_EARLY_REFUSED)).isEqualTo(1);
            assertThat(server.requestCount()).isEqualTo(2);
        }
    }

    @Test
    void whoIsTooEarlyComesAgain() {
        server.rescript(script -> {
            script.onAny().answer(200, "hello");
        });
        try (server;
                Edge edge = Edge.before(server);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(relay, true)) {
            prepare(balancer, relay);
            server.rescript(script -> {
                script.onAny().times(1).answer(425, "");
                script.onAny().answer(200, "later");
            });
            assertThat(ask(balancer, "GET").text()).isEqualTo("later");

            assertThat(figure(balancer, Figure.REQUESTS_EARLY_REFUSED)).isEqualTo(1);
            assertThat(server.awaitRequests(3).get(2).headers().contains("early-data"))
                    .isFalse();
        }
    }
}
