package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancerBuilder;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tech.kwik.core.QuicSessionTicket;

/** Requests that come before the handshake is over (RFC 8470). */
final class EarlyDataTest {
    /** So far away that a client has sent everything long before it hears anything, however busy the machine is. */
    private static final Duration FAR = Duration.ofMillis(400);

    private static QuicSessionTicket ticket(int port) {
        try (H3Client client = H3Client.connect(port)) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            await().until(() -> !client.quic().getNewSessionTickets().isEmpty());
            return client.quic().getNewSessionTickets().get(0);
        }
    }

    @Test
    void aSafeRequestIsServedBeforeTheHandshakeIsOver() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "early"));
                Edge edge = Edge.before(upstream);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()))) {
            QuicSessionTicket ticket = ticket(relay.port());
            relay.impair(Impairment.none().delay(FAR));

            try (H3Client client = H3Client.resume(
                    relay.port(),
                    ticket,
                    new H3Exchange.Octets().head("GET", "/").octets())) {
                assertThat(client.early().answer().text()).isEqualTo("early");
                assertThat(edge.figure(Figure.CONNECTIONS_EARLY)).isBetween(1L, (long) client.attempts());
                assertThat(client.get("/gone").status()).isEqualTo(410);
                assertThat(edge.figure(Figure.CONNECTIONS_RESUMED)).isPositive();
                assertThat(edge.figure(Figure.CONNECTIONS_EARLY_REFUSED)).isZero();
            }
            assertThat(upstream.awaitRequest().headers().all("early-data")).containsExactly("1");
        }
    }

    @Test
    void aRequestThatWaitsForQpackIsServedToo() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "early"));
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.qpack(4_096, 16)));
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()))) {
            QuicSessionTicket ticket = ticket(relay.port());
            relay.impair(Impairment.none().delay(FAR));

            try (H3Client client = H3Client.resume(
                    relay.port(),
                    ticket,
                    new H3Exchange.Octets().head("GET", "/").octets())) {
                assertThat(client.early().answer().text()).isEqualTo("early");
            }
            assertThat(upstream.awaitRequest().headers().contains("early-data"))
                    .as("it has waited for the end of the handshake")
                    .isFalse();
        }
    }

    @Test
    void anUnsafeRequestIsToldToComeAgain() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(upstream);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()))) {
            QuicSessionTicket ticket = ticket(relay.port());
            relay.impair(Impairment.none().delay(FAR));

            try (H3Client client = H3Client.resume(
                    relay.port(),
                    ticket,
                    new H3Exchange.Octets()
                            .head("POST", "/")
                            .data("buy".getBytes(UTF_8))
                            .octets())) {
                assertThat(client.early().answer().status()).isEqualTo(425);
                assertThat(client.post("/", "buy".getBytes(UTF_8)).status()).isEqualTo(200);
            }
            assertThat(upstream.requestCount()).isEqualTo(1);
            assertThat(upstream.awaitRequest().headers().contains("early-data")).isFalse();
        }
    }

    @Test
    void ticketsOutliveTheTransport() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(upstream);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()))) {
            QuicSessionTicket ticket = ticket(relay.port());
            edge.balancer()
                    .update(Edge.builder(
                                    upstream,
                                    Http3.of(http3 -> http3.maxIncomingStreams(2_000)),
                                    listener -> listener.tls(tls -> tls.selfSigned("localhost", "new.test")),
                                    builder -> {})
                            .configuration());

            try (H3Client client = H3Client.resume(
                    edge.port(),
                    ticket,
                    new H3Exchange.Octets().head("GET", "/").octets())) {
                assertThat(client.early().answer().status()).isEqualTo(200);
            }
            assertThat(upstream.awaitRequest().headers().all("early-data")).containsExactly("1");
        }
    }

    @Test
    void ticketsOfOneInstanceAreGoodAtAnotherWhereTheyShareThem() {
        SharedStore store = SharedStores.inMemory();
        Consumer<LoadBalancerBuilder> sharing =
                builder -> builder.process(process -> process.sharedStore(store).shareTickets(true));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge one = Edge.before(upstream, Http3.defaults(), listener -> {}, sharing);
                Edge other = Edge.before(upstream, Http3.defaults(), listener -> {}, sharing)) {
            // Again and again, for each asks the store in its own time.
            await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                QuicSessionTicket ticket = ticket(one.port());
                try (H3Client client = H3Client.connect(other.port(), builder -> builder.sessionTicket(ticket))) {
                    assertThat(client.get("/gone").status()).isEqualTo(410);
                }
                assertThat(other.figure(Figure.CONNECTIONS_RESUMED)).isPositive();
            });
        }
    }

    @Test
    void nothingIsTakenEarlyWhereTheConfigurationSaysSo() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.earlyData(false)))) {
            QuicSessionTicket ticket = ticket(edge.port());

            try (H3Client client = H3Client.connect(edge.port(), builder -> builder.sessionTicket(ticket))) {
                assertThat(client.post("/", "buy".getBytes(UTF_8)).status()).isEqualTo(200);
            }
            assertThat(edge.figure(Figure.CONNECTIONS_EARLY)).isZero();
        }
    }

    @Test
    void sessionsThatAreResumedAreCounted() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream)) {
            QuicSessionTicket ticket = ticket(edge.port());
            assertThat(edge.figure(Figure.CONNECTIONS_RESUMED)).isZero();
            assertThat(isResumed(edge.nextRecord())).isFalse();

            try (H3Client client = H3Client.connect(edge.port(), builder -> builder.sessionTicket(ticket))) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
                assertThat(edge.figure(Figure.CONNECTIONS_RESUMED)).isBetween(1L, (long) client.attempts());
                assertThat(isResumed(edge.nextRecord())).isTrue();
            }
            assertThat(edge.figure(Figure.CONNECTIONS_EARLY)).isZero();
            assertThat(edge.figure(Figure.CONNECTIONS_EARLY_REFUSED)).isZero();
        }
    }

    private static boolean isResumed(AccessRecord access) {
        return access.connection().tls().orElseThrow().resumed();
    }

    @Test
    void earlyDataThatIsNotTakenIsCounted() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream)) {
            QuicSessionTicket ticket = ticket(edge.port());
            edge.balancer()
                    .update(Edge.builder(
                                    upstream, Http3.of(http3 -> http3.earlyData(false)), listener -> {}, builder -> {})
                            .configuration());

            try (H3Client client = H3Client.resume(
                    edge.port(),
                    ticket,
                    new H3Exchange.Octets().head("GET", "/").octets())) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
                assertThat(edge.figure(Figure.CONNECTIONS_EARLY_REFUSED)).isBetween(1L, (long) client.attempts());
            }
            assertThat(edge.figure(Figure.CONNECTIONS_EARLY)).isZero();
            assertThat(edge.figure(Figure.CONNECTIONS_RESUMED)).isPositive();
        }
    }
}
