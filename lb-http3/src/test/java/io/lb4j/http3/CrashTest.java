package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tech.kwik.core.ConnectionTerminatedEvent;

/** A balancer that is gone without a word, and another in its place. */
final class CrashTest {
    private static final String SECRET = "a-secret-of-thirty-two-octets-or-more";

    /** A client that is not answered waits twice as long each time. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Edge edge(ScriptedUpstream upstream, int port, Consumer<Http3Builder> http3) {
        return Edge.before(
                upstream,
                Http3.of(http3),
                listener -> listener.port(port),
                builder -> builder.process(process -> process.drainTimeout(Duration.ofMillis(100))));
    }

    private static Consumer<Http3Builder> with(String secret) {
        return http3 -> http3.resetSecret(secret);
    }

    /** Has the first go, of which nobody hears, and the second come. */
    private static Edge replace(Edge first, UdpRelay relay, ScriptedUpstream upstream, Consumer<Http3Builder> http3) {
        int port = first.port();
        relay.blackhole(true);
        first.close();
        Edge second = edge(upstream, port, http3);
        relay.blackhole(false);
        return second;
    }

    private static UdpRelay relayTo(Edge edge) {
        return UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
    }

    @Test
    void aClientLearnsAtOnceThatItsConnectionIsGone() throws Exception {
        for (RetryMode retry : new RetryMode[] {RetryMode.NEVER, RetryMode.ALWAYS}) {
            Consumer<Http3Builder> http3 = made -> made.resetSecret(SECRET).retry(retry);
            try (ScriptedUpstream upstream = ScriptedUpstream.start();
                    Edge first = edge(upstream, 0, http3);
                    UdpRelay relay = relayTo(first);
                    H3Client client = H3Client.connect(relay.port())) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
                try (Edge second = replace(first, relay, upstream, http3)) {
                    client.open().head("GET", "/gone").end();

                    ConnectionTerminatedEvent end = client.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    assertThat(end.closeReason())
                            .as("retry: %s", retry)
                            .isEqualTo(ConnectionTerminatedEvent.CloseReason.StatelessReset);
                    assertThat(second.figure(Figure.STATELESS_RESETS)).isPositive();
                    try (H3Client again = H3Client.connect(relay.port())) {
                        assertThat(again.get("/gone").status()).isEqualTo(410);
                    }
                }
            }
        }
    }

    @Test
    void whatClientsAreToldFitsWithAResetTokenAndARetryBesideIt() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(
                        upstream,
                        0,
                        http3 -> http3.resetSecret(SECRET)
                                .retry(RetryMode.ALWAYS)
                                .initialMaxData(1 << 30)
                                .initialMaxStreamData(1 << 30)
                                .maxIdleTimeout(Duration.ofDays(365))
                                .maxIncomingStreams(100_000)
                                .activeConnectionIds(1_000)
                                .migration(false));
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }

    @Test
    void anIdThatAClientHasMovedToIsKnownAsWell() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge first = edge(upstream, 0, with(SECRET));
                UdpRelay relay = relayTo(first);
                H3Client client = H3Client.connect(relay.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            client.quic().nextDestinationConnectionId();
            assertThat(client.get("/gone").status()).isEqualTo(410);
            try (Edge second = replace(first, relay, upstream, with(SECRET))) {
                client.open().head("GET", "/gone").end();

                assertThat(client.ended()
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .closeReason())
                        .isEqualTo(ConnectionTerminatedEvent.CloseReason.StatelessReset);
                assertThat(second.figure(Figure.STATELESS_RESETS)).isPositive();
            }
        }
    }

    @Test
    void whoHasAnotherSecretIsNotBelieved() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge first = edge(upstream, 0, with(SECRET));
                UdpRelay relay = relayTo(first);
                H3Client client = H3Client.connect(relay.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            try (Edge second = replace(first, relay, upstream, with("another-" + SECRET))) {
                client.open().head("GET", "/gone").end();

                await().atMost(PATIENCE).until(() -> second.figure(Figure.STATELESS_RESETS) > 1);
                assertThat(client.ended()).as("it has heard one, and gone on").isNotDone();
            }
        }
    }

    @Test
    void nothingIsSaidWithoutASecret() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge first = edge(upstream, 0, with(SECRET));
                UdpRelay relay = relayTo(first);
                H3Client client = H3Client.connect(relay.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            try (Edge second = replace(first, relay, upstream, http3 -> {})) {
                long before = relay.received();
                client.open().head("GET", "/gone").end();

                await().atMost(PATIENCE).until(() -> relay.received() > before + 1);
                assertThat(second.figure(Figure.STATELESS_RESETS)).isZero();
                assertThat(client.ended()).isNotDone();
            }
        }
    }

    @Test
    void anEndpointsResetIsHeededAndTheNextRequestGetsANewConnection() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "hello"));
                Edge first = edge(upstream, 0, with(SECRET));
                UdpRelay relay = relayTo(first);
                LoadBalancer balancer = UpstreamTest.before(relay.port(), Http3Upstream.defaults())
                        .start()) {
            assertThat(get(balancer)).isEqualTo(200);
            try (Edge second = replace(first, relay, upstream, with(SECRET))) {
                int onTheOld = get(balancer); // may have been served, for all that is known
                assertThat(onTheOld).isIn(200, 502);
                await().atMost(PATIENCE).until(() -> get(balancer) == 200);

                assertThat(second.figure(Figure.STATELESS_RESETS)).isPositive();
                assertThat(second.figure(Figure.CONNECTIONS)).isEqualTo(1);
                assertThat(FiguresTest.upstreamFigure(balancer, Figure.CONNECTIONS))
                        .isEqualTo(2);
                assertThat(FiguresTest.upstreamFigure(balancer, Figure.CONNECTIONS_OPEN))
                        .isEqualTo(1);
                assertThat(FiguresTest.upstreamFigure(balancer, Figure.CONNECTIONS_TIMED_OUT))
                        .isZero();
            }
        }
    }

    private static int get(LoadBalancer balancer) {
        try (RawClient client = RawClient.connect(balancer.port())) {
            return client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                    .readResponse()
                    .status();
        }
    }
}
