package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.UdpRelay;
import io.lb4j.testkit.time.TimeBound;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.kwik.core.ConnectionTerminatedEvent;
import tech.kwik.core.frame.StreamFrame;

/** The limits of a client's connection: what is at the limit is served, and what is one past it is not. */
final class LimitsTest {
    private static final long FLOW_CONTROL_ERROR = 0x3;
    private static final long STREAM_LIMIT_ERROR = 0x4;
    private static final long CONNECTION_ID_LIMIT_ERROR = 0x9;
    private static final long NO_ERROR = 0x100;
    private static final long EXCESSIVE_LOAD = 0x107;
    private static final long DECOMPRESSION_FAILED = 0x200;
    private static final long ENCODER_STREAM_ERROR = 0x201;
    private static final int QPACK_ENCODER = 0x2;
    private static final int QPACK_DECODER = 0x3;
    private static final int RESERVED_STREAM = 0x21;
    private static final int RESERVED_FRAME = 0x40;

    private static ConnectionTerminatedEvent endOf(H3Client client) {
        return client.ended().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static void assertEndedFor(Edge edge, Figure cause) {
        await().untilAsserted(
                        () -> assertThat(edge.figure(cause)).as("%s", cause).isEqualTo(1));
        assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isEqualTo(1);
    }

    /** Sends octets of a stream, whatever the server has granted. */
    private static void send(H3Client client, int stream, long offset, byte[] octets) {
        client.send(new StreamFrame(stream, offset, octets, false));
    }

    @Test
    void octetsOfAHead() {
        int octetsWithout = 4 * 32 + ":methodGET:schemehttps:authoritylocalhost:path/gone".length() + 32 + 1;
        String fits = "x".repeat(4_096 - octetsWithout);
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream,
                        Http3.defaults(),
                        listener -> listener.limits(limits -> limits.headerSize(4_096)),
                        builder -> {});
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.open()
                            .head("GET", "/gone", "x", fits)
                            .end()
                            .answer()
                            .status())
                    .as("at the limit")
                    .isEqualTo(410);
            assertThat(client.open()
                            .head("GET", "/gone", "x", fits + "x")
                            .end()
                            .answer()
                            .status())
                    .as("one past it")
                    .isEqualTo(431);
            assertThat(client.get("/gone").status())
                    .as("the connection goes on")
                    .isEqualTo(410);
            assertThat(edge.statistics().traffic().failures()).containsEntry("headers_too_large", 1L);
        }
    }

    /** What is larger than a head may be is answered; what is larger by far costs the connection. */
    @ParameterizedTest
    @CsvSource({"4096, 262144", "70000, 280000"})
    void octetsOfAFieldSection(int headerSize, int octets) {
        int octetsWithout = 4 * 32 + ":methodGET:schemehttps:authoritylocalhost:path/gone".length() + 32 + 1;
        String fits = "x".repeat(octets - octetsWithout);
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream,
                        Http3.defaults(),
                        listener -> listener.limits(limits -> limits.headerSize(headerSize)),
                        builder -> {});
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.open()
                            .head("GET", "/gone", "x", fits)
                            .end()
                            .answer()
                            .status())
                    .as("at the limit")
                    .isEqualTo(431);
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isZero();

            client.open().head("GET", "/gone", "x", fits + "x").end();
            assertThat(endOf(client).applicationErrorCode()).as("one past it").isEqualTo(EXCESSIVE_LOAD);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_SIZES);
        }
    }

    @Test
    void fieldsOfAHead() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream,
                        Http3.defaults(),
                        listener -> listener.limits(limits -> limits.headerCount(6)),
                        builder -> {});
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.open()
                            .head("GET", "/gone", "a", "1", "b", "2")
                            .end()
                            .answer()
                            .status())
                    .as("at the limit")
                    .isEqualTo(410);
            assertThat(client.open()
                            .head("GET", "/gone", "a", "1", "b", "2", "c", "3")
                            .end()
                            .answer()
                            .status())
                    .as("one past it")
                    .isEqualTo(431);
        }
    }

    private static H3Answer withTrailers(H3Client client, List<Map.Entry<String, String>> trailers) {
        return client.open()
                .head("POST", "/")
                .data(new byte[1])
                .fields(trailers)
                .end()
                .answer();
    }

    @Test
    void fieldsOfTrailers() {
        List<Map.Entry<String, String>> six =
                IntStream.range(0, 6).mapToObj(i -> Map.entry("x-" + i, "")).toList();
        List<Map.Entry<String, String>> seven =
                IntStream.range(0, 7).mapToObj(i -> Map.entry("x-" + i, "")).toList();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(
                        upstream,
                        Http3.defaults(),
                        listener -> listener.limits(limits -> limits.headerCount(6)),
                        builder -> {});
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(withTrailers(client, six).status()).as("at the limit").isEqualTo(200);
            assertThat(withTrailers(client, seven).status()).as("one past it").isEqualTo(431);
        }
    }

    @Test
    void octetsOfTrailers() {
        String fits = "x".repeat(4_096 - 32 - 1);
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(
                        upstream,
                        Http3.defaults(),
                        listener -> listener.limits(limits -> limits.headerSize(4_096)),
                        builder -> {});
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(withTrailers(client, List.of(Map.entry("x", fits))).status())
                    .as("at the limit")
                    .isEqualTo(200);
            assertThat(withTrailers(client, List.of(Map.entry("x", fits + "x"))).status())
                    .as("one past it")
                    .isEqualTo(431);
            assertThat(client.get("/").status()).as("the connection goes on").isEqualTo(200);
            assertThat(edge.statistics().traffic().failures()).containsEntry("headers_too_large", 1L);
        }
    }

    @Test
    void connectionIdsThatAClientGives() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.activeConnectionIds(4)));
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            int given = client.quic().getSourceConnectionIds().size();
            client.quic().newConnectionIds(4 - given, 0);
            assertThat(client.get("/gone").status()).as("at the limit").isEqualTo(410);
            client.quic().newConnectionIds(1, 0);
            assertThat(endOf(client).transportErrorCode()).as("one past it").isEqualTo(CONNECTION_ID_LIMIT_ERROR);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_IDS);
        }
    }

    @Test
    void requestsAtOnce() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxIncomingStreams(3)));
                H3Client client = H3Client.connect(edge.port())) {
            for (int i = 0; i < 3; i++) {
                client.open().head("GET", "/" + i).end();
            }
            upstream.awaitRequests(3);
            assertThat(edge.figure(Figure.STREAMS_OPEN)).isEqualTo(3);

            send(client, 3 * 4, 0, new byte[] {0});
            assertThat(endOf(client).transportErrorCode()).isEqualTo(STREAM_LIMIT_ERROR);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_STREAM_LIMIT);
        }
    }

    @Test
    void unidirectionalStreams() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxIncomingUniStreams(3)));
                H3Client client = H3Client.connect(edge.port())) { // the control stream is one
            send(client, 6, 0, new byte[] {QPACK_ENCODER});
            send(client, 10, 0, new byte[] {QPACK_DECODER});
            assertThat(client.get("/gone").status()).isEqualTo(410);

            send(client, 3 * 4 + 2, 0, new byte[] {RESERVED_STREAM});
            assertThat(endOf(client).transportErrorCode()).isEqualTo(STREAM_LIMIT_ERROR);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_STREAM_LIMIT);
        }
    }

    @Test
    void octetsOfARequestThatMayComeUnread() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.initialMaxStreamData(4_096)));
                H3Client client = H3Client.connect(edge.port())) {
            send(client, 0, 4_095, new byte[1]);
            send(client, 4, 0, new H3Exchange.Octets().head("GET", "/gone").octets());
            assertThat(edge.nextRecord().response().status()).isEqualTo(410);

            send(client, 0, 4_096, new byte[1]);
            assertThat(endOf(client).transportErrorCode()).isEqualTo(FLOW_CONTROL_ERROR);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_FLOW);
        }
    }

    @Test
    void octetsOfAllRequestsThatMayComeUnread() {
        int window = 16_384;
        int settings = 5; // the octets of the control stream
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream, Http3.of(http3 -> http3.initialMaxData(window).initialMaxStreamData(window)));
                H3Client within = H3Client.connect(edge.port());
                H3Client past = H3Client.connect(edge.port())) {
            for (H3Client client : List.of(within, past)) {
                send(client, 0, 9_999, new byte[1]);
                send(client, 4, window - settings - 10_000 - 1, new byte[1]);
            }
            send(past, 4, window - 10_000, new byte[1]); // its SETTINGS may not have come yet

            assertThat(endOf(past).transportErrorCode()).isEqualTo(FLOW_CONTROL_ERROR);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_FLOW);
            edge.balancer().close();
            assertThat(endOf(within).applicationErrorCode()).isEqualTo(NO_ERROR);
        }
    }

    @Test
    void streamsThatWaitForQpack() {
        byte[] awaitsTheFirstEntry = {H3Client.HEADERS, 3, 2, 0, (byte) 0x80};
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.qpack(4_096, 2)));
                H3Client client = H3Client.connect(edge.port())) {
            client.open().raw(awaitsTheFirstEntry);
            client.open().raw(awaitsTheFirstEntry);
            assertThat(client.get("/gone").status()).isEqualTo(410);

            client.open().raw(awaitsTheFirstEntry);
            assertThat(endOf(client).applicationErrorCode()).isEqualTo(DECOMPRESSION_FAILED);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_QPACK);
        }
    }

    @Test
    void theTableOfQpack() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.qpack(4_096, 2)));
                H3Client client = H3Client.connect(edge.port())) {
            byte[] capacityOf4096 = {QPACK_ENCODER, 0x3f, (byte) 0xe1, 0x1f};
            byte[] oneMore = {0x3f, (byte) 0xe2, 0x1f};
            send(client, 6, 0, capacityOf4096);
            assertThat(client.get("/gone").status()).isEqualTo(410);

            send(client, 6, capacityOf4096.length, oneMore);
            assertThat(endOf(client).applicationErrorCode()).isEqualTo(ENCODER_STREAM_ERROR);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_QPACK);
        }
    }

    @Test
    void handshakesAtOnce() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream, Http3.of(http3 -> http3.maxHandshakes(2).retry(RetryMode.NEVER)));
                DatagramSocket between = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            HalfHandshakes half = new HalfHandshakes(between, edge.port());
            half.begin();
            half.begin();
            await().until(() -> edge.figure(Figure.HANDSHAKES_OPEN) == 2);
            assertThat(edge.figure(Figure.CONNECTIONS_REFUSED)).isZero();

            half.begin();
            await().until(() -> edge.figure(Figure.CONNECTIONS_REFUSED) == 1);
            assertThat(edge.figure(Figure.CONNECTIONS_REFUSED_HANDSHAKES)).isEqualTo(1);
            await().until(() -> edge.figure(Figure.HANDSHAKES_OPEN) == 2);
        }
    }

    /** Who answers too late is asked again, which uses up more. */
    @TimeBound
    @Test
    void addressesOfAConnection() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.activeConnectionIds(4)));
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client client = H3Client.connect(relay.port())) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
                relay.rebind();
            }
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(client.control()).noneMatch(frame -> frame.type() == H3Client.GOAWAY);

            relay.rebind();
            assertThat(client.get("/gone").status()).as("a request on its way").isEqualTo(410);
            assertThat(client.nextControl(H3Client.GOAWAY).integer()).isEqualTo((1L << 62) - 4);
            // Seen at the server: that it has ended is said in one datagram, which a path that is not validated yet may
            // lose.
            await().atMost(Duration.ofSeconds(30)).until(() -> edge.figure(Figure.CONNECTIONS_OPEN) == 0);
            assertThat(edge.figure(Figure.CONNECTIONS_DRAINED_MOVED)).isEqualTo(1);
        }
    }

    @Test
    void timeWithoutAWord() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxIdleTimeout(Duration.ofSeconds(2))));
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            await().until(() -> edge.figure(Figure.CONNECTIONS_TIMED_OUT) == 1);
            assertThat(edge.figure(Figure.CONNECTIONS_OPEN)).isZero();
        }
    }

    @TimeBound
    @Test
    void aConnectionWithAnOpenRequestIsKeptAlive() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200, "late"));
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxIdleTimeout(Duration.ofSeconds(3))));
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange exchange = client.open().head("GET", "/").end();
            for (int i = 0; i < 4; i++) { // together longer than the idle time
                assertThat(client.nextControl(RESERVED_FRAME).payload()).isEmpty();
            }
            upstream.release();
            assertThat(exchange.answer().text()).isEqualTo("late");
            assertThat(edge.figure(Figure.CONNECTIONS_TIMED_OUT)).isZero();
        }
    }

    @Test
    void noConnectionIsKeptAliveWhereTheConfigurationSaysSo() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(
                        upstream,
                        Http3.of(http3 ->
                                http3.maxIdleTimeout(Duration.ofSeconds(2)).keepAlive(false)));
                H3Client client = H3Client.connect(edge.port())) {
            client.open().head("GET", "/").end();
            upstream.awaitRequest();
            await().until(() -> edge.figure(Figure.CONNECTIONS_TIMED_OUT) == 1);
        }
    }
}
