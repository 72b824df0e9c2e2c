package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tech.kwik.core.QuicSessionTicket;

/** Requests that come before the handshake is over (RFC 8470). */
final class EarlyDataTest {
    /** So far away that a client has sent everything long before it hears anything, however busy the machine is. */
    private static final Duration FAR = Duration.ofMillis(400);

    private static final int TRIES = 8;

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

            // A server may take a request for late at any time (RFC 8446 §4.2.10), and a busy client sends it late.
            for (int i = 0; i < TRIES && edge.figure(Figure.CONNECTIONS_EARLY) == 0; i++) {
                askEarly(relay.port(), ticket);
            }
            assertThat(edge.figure(Figure.CONNECTIONS_EARLY)).isEqualTo(1);
            assertEarlyOnes(upstream, 1);
        }
    }

    private static void askEarly(int port, QuicSessionTicket ticket) {
        try (H3Client client = H3Client.resume(
                port, ticket, new H3Exchange.Octets().head("GET", "/").octets())) {
            H3Answer answer = client.early().answer();
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    private static long earlyOnes(ScriptedUpstream upstream) {
        return upstream.requests().stream()
                .filter(request -> request.headers().contains("early-data"))
                .count();
    }

    private static void assertEarlyOnes(ScriptedUpstream upstream, int count) {
        assertThat(upstream.requests().stream().flatMap(request -> request.headers().all("early-data").stream()))
                .hasSize(count)
                .containsOnly("1");
    }

    @Test
    void anUnsafeRequestIsToldToComeAgain() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(upstream);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()))) {
            QuicSessionTicket ticket = ticket(relay.port());
            relay.impair(Impairment.none().delay(FAR));

            boolean refused = false;
            for (int i = 0; i < TRIES && !refused; i++) {
                refused = isRefusedEarly(relay.port(), ticket);
            }
            assertThat(refused).isTrue();
            assertThat(earlyOnes(upstream)).isZero();
        }
    }

    private static boolean isRefusedEarly(int port, QuicSessionTicket ticket) {
        byte[] body = "buy".getBytes(UTF_8);
        try (H3Client client = H3Client.resume(
                port,
                ticket,
                new H3Exchange.Octets().head("POST", "/").data(body).octets())) {
            int status = client.early().answer().status();
            assertThat(status).isIn(425, 200); // 200 where it came late
            assertThat(client.post("/", body).status()).isEqualTo(200);
            return status == 425;
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
                                    Http3.of(http3 -> http3.maxIncomingStreams(10)),
                                    listener -> listener.tls(tls -> tls.selfSigned("localhost", "new.test")),
                                    builder -> {})
                            .configuration());
            relay.impair(Impairment.none().delay(FAR));

            for (int i = 0; i < TRIES && earlyOnes(upstream) == 0; i++) {
                askEarly(relay.port(), ticket);
            }
            assertEarlyOnes(upstream, 1);
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
}
