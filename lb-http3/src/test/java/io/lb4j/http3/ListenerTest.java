package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.Parts;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Settings;
import io.lb4j.model.Listener;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.kwik.core.ConnectionTerminatedEvent;
import tech.kwik.core.frame.QuicFrame;
import tech.kwik.core.frame.ResetStreamFrame;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.packet.QuicPacket;

/** How HTTP/3 is configured, bound, advertised and taken away. */
final class ListenerTest {
    private static final long REQUEST_REJECTED = 0x10b;

    private static Optional<String> altSvc(Edge edge) {
        try (RawClient client =
                RawClient.connect(edge.port(), ClientTls.trustAll().serverName("localhost"))) {
            return client.send("GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .readResponse()
                    .headers()
                    .first("alt-svc");
        }
    }

    @Test
    void itHasTheNamesAndDefaultsThatUsersKnow() {
        Map<String, Object> tree = Http3.defaults().settings().toTree();

        assertThat(tree)
                .containsEntry("enabled", true)
                .containsEntry("max_stream_timeout", "30s")
                .containsEntry("max_idle_timeout", "5m")
                .containsEntry("max_incoming_streams", 1_000L)
                .containsEntry("max_incoming_uni_streams", 100L)
                .containsEntry("keep_alive", true);
        assertThat(Http3.of(http3 -> http3.maxIdleTimeout(Duration.ofMinutes(5))))
                .isEqualTo(Http3.defaults());
        assertThat(Http3.of(http3 -> http3.maxIncomingStreams(5))).isNotEqualTo(Http3.defaults());
    }

    @Test
    void aConfigurationMayNameIt() {
        assertThat(Parts.catalog().find(Listener.TRANSPORT, "h3")).get().satisfies(factory -> {
            assertThat(factory.create(Settings.defaults(factory.section()))).isEqualTo(Http3.defaults());
            assertThat(factory.missing()).isEmpty();
        });
    }

    @Test
    void allFaultsAreToldTogether() {
        assertThatThrownBy(() -> Http3.of(http3 -> http3.maxIncomingUniStreams(2)
                        .initialMaxData(1)
                        .certificate(Path.of("/no/such"), Path.of("/nor/this"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("max_incoming_uni_streams: 2")
                .hasMessageContaining("initial_max_data: ")
                .hasMessageContaining("cert_file: ");
    }

    @Test
    void aMissingNativeLibraryIsNamedWithItsClassifier() {
        assertThat(NativeQuic.adviceFor(new UnsatisfiedLinkError("no library")))
                .startsWith("io.netty:netty-codec-native-quic with the classifier linux-")
                .endsWith("on the class path (no library)");
        assertThat(NativeQuic.missing()).isEmpty();
    }

    @Test
    void theOtherProtocolsAdvertiseIt() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream)) {
            assertThat(altSvc(edge)).contains("h3=\":" + edge.port() + "\"; ma=86400");
        }
    }

    @Test
    void switchedOffItIsNeitherServedNorAdvertised() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            atFreePort(port -> {
                try (DatagramSocket taken = new DatagramSocket(port, InetAddress.getLoopbackAddress());
                        Edge edge = Edge.before(
                                upstream,
                                Http3.of(http3 -> http3.enabled(false)),
                                listener -> listener.port(port),
                                builder -> {})) {
                    assertThat(altSvc(edge)).isEmpty();
                    assertThat(taken.isBound()).isTrue();
                }
            });
        }
    }

    @Test
    void itMayHaveAPortAndACertificateOfItsOwn(@TempDir Path files) throws Exception {
        TestCertificate own = TestCertificates.create().server("localhost", "own.test");
        TestCertificate.PemFiles pem = own.writePem(files, "own");
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            atFreePort(port -> {
                try (Edge edge = Edge.before(
                                upstream, Http3.of(http3 -> http3.port(port).certificate(pem.chain(), pem.key())));
                        H3Client client = H3Client.connect(port)) {
                    assertThat(client.get("/gone").status()).isEqualTo(410);
                    assertThat(client.quic().getServerCertificateChain().get(0)).isEqualTo(own.leaf());
                    assertThat(altSvc(edge))
                            .hasValueSatisfying(value -> assertThat(value).startsWith("h3=\":" + port));
                }
            });
        }
    }

    interface AtPort {
        void run(int port) throws Exception;
    }

    /** A port that is free when it is chosen may be taken when it is to be bound, by a test beside this one: then another is chosen. */
    static void atFreePort(AtPort test) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                test.run(freePort());
                return;
            } catch (Exception e) {
                if (attempt == 5 || !isTaken(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isTaken(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof BindException
                        || Objects.toString(cause.getMessage()).contains("Address already in use"));
    }

    private static int freePort() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void itsConnectionsCountAmongTheListeners() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream,
                        Http3.defaults(),
                        listener -> listener.limits(limits -> limits.connections(1)),
                        builder -> {});
                H3Client first = H3Client.connect(edge.port())) {
            assertThat(first.get("/gone").status()).isEqualTo(410);
            assertThat(edge.statistics().connectionsOpen()).isEqualTo(1);

            try (H3Client second = H3Client.connectOnce(edge.port(), builder -> {}, List.of())) {
                assertThat(second.ended().orTimeout(30, TimeUnit.SECONDS).join().transportErrorCode())
                        .isEqualTo(2);
            } catch (UncheckedIOException refused) {
                // while the client was still busy with its handshake
            }
            assertThat(edge.figure(Figure.CONNECTIONS_REFUSED)).isEqualTo(1);
        }
    }

    /** Hears by what codes the server resets streams, which kwik's streams do not tell. */
    private static final class Resets extends NullLogger {
        private final Map<Integer, Long> codes = new ConcurrentHashMap<>();

        @Override
        public void received(Instant at, int datagram, QuicPacket packet) {
            for (QuicFrame frame : packet.getFrames()) {
                if (frame instanceof ResetStreamFrame reset) {
                    codes.put(reset.getStreamId(), reset.getErrorCode());
                }
            }
        }

        long codeOf(H3Exchange exchange) {
            return Objects.requireNonNull(codes.get(exchange.stream().getStreamId()));
        }
    }

    @Test
    void aDrainedListenerLetsRequestsEndAndTakesNoMore() {
        Resets resets = new Resets();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200, "late"));
                Edge edge = Edge.before(upstream, Http3.defaults(), listener -> {}, Edge::drainPatiently);
                H3Client client = H3Client.connect(edge.port(), builder -> builder.logger(resets))) {
            H3Exchange exchange = client.open().head("GET", "/").end();
            upstream.awaitRequest();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(edge::close, Aside.THREAD);

            assertThat(client.nextControl(H3Client.GOAWAY).integer())
                    .as("a warning first")
                    .isEqualTo((1L << 62) - 4);
            assertThat(client.nextControl(H3Client.GOAWAY).integer())
                    .as("the first stream that is not taken")
                    .isEqualTo(4);
            H3Exchange later = client.open().head("GET", "/gone").end();
            assertThat(later.answer().isWhole()).isFalse();
            assertThat(resets.codeOf(later)).isEqualTo(REQUEST_REJECTED);
            upstream.release();

            assertThat(exchange.answer().text()).isEqualTo("late");
            ConnectionTerminatedEvent end =
                    client.ended().orTimeout(30, TimeUnit.SECONDS).join();
            assertThat(end.applicationErrorCode()).isEqualTo(0x100);
            closing.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    /** quiche takes much more of a response than it can send: that it has taken all does not mean that the client has it. */
    @Test
    void aDrainedListenerWaitsUntilItsClientsHaveWhatWasSent() {
        byte[] body = new byte[1_000_000];
        new Random(3).nextBytes(body);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).body(body)));
                Edge edge = Edge.before(upstream, Http3.defaults(), listener -> {}, Edge::drainPatiently);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client client = H3Client.connect(
                        relay.port(), builder -> builder.defaultStreamReceiveBufferSize((long) body.length))) {
            relay.impair(Impairment.none().delay(Duration.ofMillis(30)).loss(0.03));
            CompletableFuture<H3Answer> answer = CompletableFuture.supplyAsync(() -> client.get("/"), Aside.THREAD);
            upstream.awaitRequest();
            await().until(() -> edge.figure(Figure.STREAMS_OPEN) == 1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(edge::close, Aside.THREAD);

            assertThat(answer.join().isWhole()).isTrue();
            assertThat(answer.join().body()).isEqualTo(body);
            closing.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }
}
