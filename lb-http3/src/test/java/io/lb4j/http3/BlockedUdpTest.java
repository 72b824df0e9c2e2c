package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.PortPair;
import io.lb4j.testkit.net.UdpRelay;
import io.lb4j.testkit.time.TimeBound;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Endpoints to which packets of QUIC do not get through, while TCP does. */
@TimeBound
final class BlockedUdpTest {
    private static final Duration LONGER_THAN_A_CLIENT_WAITS = Duration.ofMinutes(5);

    private final ScriptedUpstream behindQuic =
            ScriptedUpstream.start(script -> script.onAny().answer(200, "by QUIC"));
    private final PortPair<ScriptedUpstream> ports = PortPair.bind(
            () -> ScriptedUpstream.start(script -> {
                script.tls(ServerTls.with(TestCertificates.create().server("endpoint.test")));
                script.onAny().answer(200, "by TCP");
            }),
            ScriptedUpstream::address);
    private final ScriptedUpstream tcp = ports.tcp();

    private UdpRelay relayTo(Edge edge) {
        return UdpRelay.at(ports.udp(), new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
    }

    private LoadBalancer before(Http3Upstream http3, Consumer<ClusterBuilder> more) {
        return UpstreamTest.before(tcp.port(), http3, cluster -> {
                    cluster.pool(pool -> pool.maxRequests(1)); // each asks for a connection
                    more.accept(cluster);
                })
                .start();
    }

    private static String ask(LoadBalancer balancer, String method) {
        try (RawClient client = RawClient.connect(balancer.port())) {
            RawResponse answer = client.send(method + " / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n")
                    .readResponse();
            return answer.status() + " " + answer.text();
        }
    }

    private static void awaitLeftOut(LoadBalancer balancer) {
        await().until(() -> FiguresTest.upstreamFigure(balancer, "endpoints_left_out") == 1);
    }

    @Test
    void tcpIsUsedWhereUdpIsBlocked() {
        try (behindQuic;
                tcp;
                Edge edge = Edge.before(behindQuic);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(
                        Http3Upstream.defaults(),
                        cluster -> cluster.transportHeadStart(Duration.ofMillis(100))
                                .connectTimeout(Duration.ofSeconds(2)))) {
            relay.blackhole(true);
            assertThat(ask(balancer, "GET")).isEqualTo("200 by TCP");
            assertThat(relay.lost()).isPositive();
            awaitLeftOut(balancer);
            await().until(() -> FiguresTest.upstreamFigure(balancer, Figure.HANDSHAKES_FAILED) == 1);

            relay.blackhole(false);
            assertThat(ask(balancer, "POST")).as("not asked meanwhile").isEqualTo("200 by TCP");
            assertThat(FiguresTest.upstreamFigure(balancer, "fallbacks")).isEqualTo(2);
            assertThat(behindQuic.requestCount()).isZero();
        }
    }

    @Test
    void itIsTriedAgainWhenItsTimeHasCome() {
        try (behindQuic;
                tcp;
                Edge edge = Edge.before(behindQuic);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(
                        Http3Upstream.defaults(),
                        cluster -> cluster.transportHeadStart(Duration.ofMillis(100))
                                .connectTimeout(Duration.ofSeconds(1))
                                .transportRetryAfter(Duration.ofMillis(1)))) {
            relay.blackhole(true);
            assertThat(ask(balancer, "GET")).isEqualTo("200 by TCP");
            relay.blackhole(false);

            await().until(() -> ask(balancer, "GET").equals("200 by QUIC"));
            await().until(() -> FiguresTest.upstreamFigure(balancer, "endpoints_left_out") == 0);
        }
    }

    /** The early request is on a connection that was handed over before anybody knew whether it leads anywhere. */
    private void isMadeByTcpWhereUdpIsBlockedMeanwhile(String method) {
        try (behindQuic;
                tcp;
                Edge edge = Edge.before(behindQuic);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(
                        Http3Upstream.of(http3 -> http3.earlyData(true).maxIdleTimeout(LONGER_THAN_A_CLIENT_WAITS)),
                        cluster -> cluster.transportHeadStart(Duration.ofSeconds(3))
                                .connectTimeout(LONGER_THAN_A_CLIENT_WAITS)
                                .ejection(ejection -> ejection.consecutiveFailures(1)))) {
            assertThat(ask(balancer, "GET")).isEqualTo("200 by QUIC");
            await().until(() -> FiguresTest.upstreamFigure(balancer, Figure.CONNECTIONS_OPEN) == 0);
            relay.blackhole(true);

            assertThat(ask(balancer, method)).isEqualTo("200 by TCP");
            assertThat(FiguresTest.upstreamFigure(balancer, Figure.REQUESTS_EARLY))
                    .isEqualTo(method.equals("GET") ? 1 : 0);
            awaitLeftOut(balancer);
            assertThat(tcp.requestCount()).isEqualTo(1);
            assertThat(Objects.requireNonNull(balancer.stats().clusters().get("api"))
                            .endpoints()
                            .values())
                    .as("the endpoint has not failed")
                    .noneMatch(EndpointStatistics::isEjected);
        }
    }

    @Test
    void anEarlyRequestIsMadeByTcpWhereUdpIsBlockedMeanwhile() {
        isMadeByTcpWhereUdpIsBlockedMeanwhile("GET");
    }

    @Test
    void aRequestThatWaitsForTheHandshakeIsMadeByTcpWhereUdpIsBlockedMeanwhile() {
        isMadeByTcpWhereUdpIsBlockedMeanwhile("DELETE");
    }

    /** TCP is not tried beside it here, so that the handshake's own end has to be enough. */
    @Test
    void anEarlyConnectionWhoseHandshakeFailsIsAWayThatHasFailed() {
        try (behindQuic;
                tcp;
                Edge edge = Edge.before(behindQuic);
                UdpRelay relay = relayTo(edge);
                LoadBalancer balancer = before(
                        Http3Upstream.of(http3 -> http3.earlyData(true)),
                        cluster -> cluster.transportHeadStart(LONGER_THAN_A_CLIENT_WAITS)
                                .connectTimeout(Duration.ofSeconds(3)))) {
            assertThat(ask(balancer, "GET")).isEqualTo("200 by QUIC");
            await().until(() -> FiguresTest.upstreamFigure(balancer, Figure.CONNECTIONS_OPEN) == 0);
            relay.blackhole(true);

            assertThat(ask(balancer, "GET")).isEqualTo("200 by TCP");
            awaitLeftOut(balancer);
            assertThat(FiguresTest.upstreamFigure(balancer, Figure.HANDSHAKES_FAILED))
                    .as("the one that took it")
                    .isEqualTo(1);
        }
    }

    @Test
    void tcpIsUsedWhereNobodyListensForUdp() {
        ports.udp().close();
        try (behindQuic;
                tcp;
                LoadBalancer balancer = before(
                        Http3Upstream.defaults(), cluster -> cluster.transportHeadStart(LONGER_THAN_A_CLIENT_WAITS))) {
            assertThat(ask(balancer, "GET")).isEqualTo("200 by TCP");
            assertThat(ask(balancer, "POST")).isEqualTo("200 by TCP");
            assertThat(FiguresTest.upstreamFigure(balancer, "fallbacks")).isEqualTo(2);
            awaitLeftOut(balancer);
        }
    }
}
