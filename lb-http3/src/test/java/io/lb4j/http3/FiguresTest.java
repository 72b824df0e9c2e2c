package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tech.kwik.core.frame.StreamFrame;

/** What is measured of connections, and told in statistics. */
final class FiguresTest {
    private static final Duration ONE_WAY = Duration.ofMillis(20);

    private static Map<String, Long> figures(Edge edge) {
        return Objects.requireNonNull(edge.statistics().transports().get("h3")).figures();
    }

    private static ScriptedUpstream megabytes() {
        return ScriptedUpstream.start(
                script -> script.onAny().answer(Answer.status(200).payload(1 << 20)));
    }

    private static UdpRelay relayTo(Edge edge) {
        return UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
    }

    @Test
    void aConnectionKnowsItsRoundTripAndWhatItHasCarried() {
        try (ScriptedUpstream upstream = megabytes();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = relayTo(edge);
                H3Client client = H3Client.connect(relay.port())) {
            relay.impair(Impairment.none().delay(ONE_WAY));
            assertThat(client.get("/").body()).hasSize(1 << 20);
            ConnectionInfo connection = edge.nextRecord().connection();

            await().untilAsserted(() -> assertThat(connection.figures())
                    .hasEntrySatisfying("octets_sent", sent -> assertThat(sent).isGreaterThan(1 << 20))
                    .hasEntrySatisfying("rtt_micros", rtt -> assertThat(rtt).isGreaterThan(5_000))
                    .hasEntrySatisfying(
                            "congestion_window", window -> assertThat(window).isPositive()));
            assertThat(figures(edge).get("rtt_micros_p50"))
                    .isEqualTo(connection.figures().get("rtt_micros"));
            assertThat(figures(edge).get("congestion_window_p99"))
                    .isEqualTo(connection.figures().get("congestion_window"));
        }
    }

    @Test
    void theSumsOutliveTheConnections() {
        try (ScriptedUpstream upstream = megabytes();
                Edge edge = Edge.before(upstream)) {
            for (int i = 0; i < 3; i++) {
                try (H3Client client = H3Client.connect(edge.port())) {
                    assertThat(client.get("/").body()).hasSize(1 << 20);
                }
            }
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> edge.figure(Figure.CONNECTIONS) >= 3 && edge.figure(Figure.CONNECTIONS_OPEN) == 0);

            assertThat(edge.figure(Figure.OCTETS_SENT)).isBetween(3L << 20, 5L << 20);
            assertThat(edge.figure(Figure.PACKETS_SENT)).isGreaterThan(3 * 700);
            assertThat(edge.figure(Figure.OCTETS_RECEIVED)).isPositive();
            assertThat(figures(edge)).containsEntry("rtt_micros_p50", 0L);
        }
    }

    @Test
    void connectionsToEndpointsAreMeasuredToo() {
        try (ScriptedUpstream upstream = megabytes();
                Edge origin = Edge.before(upstream);
                LoadBalancer balancer = UpstreamTest.before(origin.port(), Http3Upstream.defaults())
                        .start()) {
            try (RawClient client = RawClient.connect(balancer.port())) {
                for (int i = 0; i < 2; i++) {
                    assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                                    .readResponse()
                                    .body()
                                    .bytes())
                            .hasSize(1 << 20);
                }
            }
            assertThat(upstreamFigures(balancer))
                    .containsEntry("connections", 1L)
                    .containsEntry("connections_open", 1L)
                    .containsEntry("connections_resumed", 0L)
                    .containsEntry("handshakes_open", 0L)
                    .containsEntry("streams", 2L);
            origin.balancer().close();

            await().untilAsserted(() -> assertThat(upstreamFigures(balancer))
                    .containsEntry("connections_open", 0L)
                    .containsEntry("streams_open", 0L)
                    .hasEntrySatisfying(
                            "octets_received", octets -> assertThat(octets).isBetween(2L << 20, 4L << 20))
                    .hasEntrySatisfying(
                            "packets_sent", packets -> assertThat(packets).isPositive()));
        }
    }

    static Map<String, Long> upstreamFigures(LoadBalancer balancer) {
        ClusterStatistics cluster =
                Objects.requireNonNull(balancer.stats().clusters().get("api"));
        return Objects.requireNonNull(cluster.transports().get("h3"));
    }

    static long upstreamFigure(LoadBalancer balancer, Figure figure) {
        return upstreamFigure(balancer, figure.text());
    }

    static long upstreamFigure(LoadBalancer balancer, String name) {
        return Objects.requireNonNull(upstreamFigures(balancer).get(name));
    }

    private static void awaitFigure(Edge edge, Figure figure) {
        await().untilAsserted(
                        () -> assertThat(edge.figure(figure)).as("%s", figure).isEqualTo(1));
    }

    @Test
    void endsByAnErrorOfTheClientAreCounted() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream)) {
            for (long code : new long[] {0x100, 0x10a}) {
                try (H3Client client = H3Client.connect(edge.port())) {
                    assertThat(client.get("/gone").status()).isEqualTo(410);
                    client.quic().close(code, "enough");
                    await().until(() -> edge.figure(Figure.CONNECTIONS_OPEN) == 0);
                    assertThat(edge.figure(Figure.CONNECTIONS_ENDED_BY_CLIENT_ERROR))
                            .isEqualTo(code == 0x100 ? 0 : 1);
                }
            }
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isZero();
        }
    }

    @Test
    void whatBreaksTheRulesOfHttp3IsCounted() {
        byte[] secondSettings = {H3Client.SETTINGS, 0};
        int behindTheFirst = 5;
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            client.send(new StreamFrame(2, behindTheFirst, secondSettings, false));
            awaitFigure(edge, Figure.CONNECTIONS_ABUSIVE_HTTP3);
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isEqualTo(1);
        }
    }

    @Test
    void whatBreaksTheRulesOfQuicIsCounted() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status()).as("the handshake is over").isEqualTo(410);
            client.send(new StreamFrame(
                    4, 9, new byte[1], true)); // what comes before is missing, so HTTP/3 has nothing to judge
            client.send(new StreamFrame(4, 19, new byte[1], false)); // behind the end
            awaitFigure(edge, Figure.CONNECTIONS_ABUSIVE_QUIC);
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isEqualTo(1);
        }
    }

    @Test
    void lossIsCounted() {
        try (ScriptedUpstream upstream = megabytes();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = relayTo(edge);
                H3Client client = H3Client.connect(relay.port())) {
            relay.impair(Impairment.none().loss(0.05).seed(3));
            assertThat(client.get("/").body()).hasSize(1 << 20);

            await().untilAsserted(
                            () -> assertThat(edge.figure(Figure.PACKETS_LOST)).isPositive());
            assertThat(edge.figure(Figure.OCTETS_LOST)).isGreaterThan(edge.figure(Figure.PACKETS_LOST));
        }
    }
}
