package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.leak.DirectMemory;
import io.lb4j.testkit.net.UdpRelay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import tech.kwik.core.frame.StreamFrame;

/** What the codec beneath is known to do, and what is done about it. */
@Isolated // reads the memory of the process
final class TrapsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Edge edge(ScriptedUpstream upstream, int eventLoops) {
        return edge(upstream, eventLoops, Http3.defaults());
    }

    private static Edge edge(ScriptedUpstream upstream, int eventLoops, Http3 http3) {
        return Edge.before(
                upstream, http3, listener -> {}, builder -> builder.process(process -> process.eventLoops(eventLoops)));
    }

    private static void send(DatagramSocket socket, int port, byte[] octets) throws IOException {
        socket.send(new DatagramPacket(octets, octets.length, InetAddress.getLoopbackAddress(), port));
    }

    /** So many addresses that each event loop's socket gets packets of some. */
    private static final class Attackers implements AutoCloseable {
        private final List<DatagramSocket> sockets = new ArrayList<>();
        private int next;

        Attackers() throws IOException {
            for (int i = 0; i < 32; i++) {
                sockets.add(new DatagramSocket());
            }
        }

        void send(int port, byte[] octets) throws IOException {
            TrapsTest.send(sockets.get(next), port, octets);
            next = (next + 1) % sockets.size();
        }

        @Override
        public void close() {
            sockets.forEach(DatagramSocket::close);
        }
    }

    /** Returns the number of the event loop that a connection is on, which its ids begin with. */
    private static int loopOf(H3Client client) {
        return ByteBuffer.wrap(client.quic().getDestinationConnectionId()).getShort();
    }

    /** The kernel spreads clients by their addresses: of so many, each loop gets some. */
    @Test
    void everyEventLoopServesAndKeepsItsClientsWhereverTheyMove() {
        Map<Integer, Integer> movesOnLoop = new HashMap<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 2);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()))) {
            for (int i = 0; i < 40 && movesOnLoop.size() < 2; i++) {
                relay.rebind();
                try (H3Client client = H3Client.connect(relay.port())) {
                    int loop = loopOf(client);
                    assertThat(client.get("/gone").status())
                            .as("no address may change before the handshake is confirmed (RFC 9000 §9)")
                            .isEqualTo(410);
                    for (int move = 0; move < 12; move++) { // some to where the other loop's socket gets its packets
                        relay.rebind();
                        assertThat(client.get("/gone").status()).isEqualTo(410);
                        assertThat(loopOf(client)).isEqualTo(loop);
                        movesOnLoop.merge(loop, 1, Integer::sum);
                    }
                }
            }
        }
        assertThat(movesOnLoop).containsOnlyKeys(0, 1);
    }

    @Test
    void shortPacketsCostNoMemory() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 2);
                Attackers attackers = new Attackers()) {
            DirectMemory before = DirectMemory.now();
            for (int i = 0; i < 10_000; i++) {
                attackers.send(edge.port(), new byte[] {0x40, 1, 2});
            }
            try (H3Client client = H3Client.connect(edge.port())) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }

            assertThat(edge.figure(Figure.PACKETS_SHORT)).isGreaterThan(100);
            before.assertNoGrowth(8 << 20, PATIENCE);
        }
    }

    @Test
    void garbageCostsNoMemory() throws Exception {
        Random random = new Random(7);
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 2);
                Attackers attackers = new Attackers()) {
            DirectMemory before = DirectMemory.now();
            for (int i = 0; i < 10_000; i++) {
                byte[] octets = new byte[random.nextInt(1_300)];
                random.nextBytes(octets);
                attackers.send(edge.port(), octets);
            }
            try (H3Client client = H3Client.connect(edge.port())) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }

            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            before.assertNoGrowth(8 << 20, PATIENCE);
        }
    }

    /** Packets that look like the first of a connection, up to what is sealed: ids of all lengths, some with a token. */
    @Test
    void firstPacketsOfNobodyCostNoMemory() throws Exception {
        Random random = new Random(7);
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 2);
                Attackers attackers = new Attackers()) {
            DirectMemory before = DirectMemory.now();
            for (int i = 0; i < 5_000; i++) {
                attackers.send(edge.port(), initial(random, i % 21, i % 3 == 0 ? i % 60 : 0));
            }
            try (H3Client client = H3Client.connect(edge.port())) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }

            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            before.assertNoGrowth(8 << 20, PATIENCE);
        }
    }

    private static byte[] initial(Random random, int idOctets, int tokenOctets) {
        byte[] octets = new byte[1_250];
        random.nextBytes(octets);
        int header = 1 + Integer.BYTES + 1 + idOctets + 1;
        ByteBuffer packet = ByteBuffer.wrap(octets).put((byte) 0xc0).putInt(1).put((byte) idOctets);
        packet.position(header - 1);
        packet.put((byte) 0).put((byte) tokenOctets).position(header + 1 + tokenOctets);
        packet.putShort((short) (0x4000 | (packet.remaining() - Short.BYTES)));
        return octets;
    }

    @Test
    void aConnectionSurvivesFortyNewAddresses() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 2);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client client = H3Client.connect(relay.port())) {
            for (int i = 0; i < 40; i++) {
                assertThat(client.get("/gone").status()).as("address %d", i).isEqualTo(410);
                relay.rebind();
            }
            assertThat(client.get("/gone").status()).isEqualTo(410);

            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            // An answer does not wait for the path that it takes to be found out. There is none of an address that the
            // client has left before quiche was shown a packet from there, as where the machine stands still.
            await().untilAsserted(() -> assertThat(edge.figure(Figure.PATHS)).isGreaterThanOrEqualTo(20));
            assertThat(edge.figure(Figure.MIGRATIONS)).isPositive();
        }
    }

    @Test
    void theClientsAddressFollowsAProvenMove() {
        List<DatagramSocket> sockets = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 2);
                H3Client client = H3Client.connect(
                        edge.port(),
                        builder -> builder.socketFactory(to -> {
                            sockets.add(new DatagramSocket());
                            return sockets.get(sockets.size() - 1);
                        }))) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            SocketAddress first = edge.nextRecord().connection().remoteAddress();

            client.quic().changeAddress();
            await().untilAsserted(() -> {
                assertThat(client.get("/gone").status()).isEqualTo(410);
                assertThat(edge.nextRecord().connection().remoteAddress()).isNotEqualTo(first);
            });

            int port = sockets.get(sockets.size() - 1).getLocalPort();
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(edge.nextRecord().connection().remoteAddress())
                    .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    /** Puts a packet of the handshake before each that comes behind it, as one does that acknowledges the handshake late. */
    private static final class LateHandshake extends DatagramSocket {
        private final AtomicInteger joined = new AtomicInteger();
        private byte[] handshake = {};

        LateHandshake() throws SocketException {}

        @Override
        public void send(DatagramPacket packet) throws IOException {
            ByteBuf octets = Unpooled.wrappedBuffer(packet.getData(), packet.getOffset(), packet.getLength());
            if ((octets.getByte(0) & 0xf0) == 0xe0 && handshake.length == 0) {
                int length = LongHeaders.handshakeBefore(octets);
                handshake = ByteBufUtil.getBytes(octets, 0, length > 0 ? length : octets.readableBytes());
            }
            if (LongHeaders.isFirstIn(octets) || handshake.length == 0) {
                super.send(packet);
                return;
            }
            byte[] both = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(handshake), octets));
            super.send(new DatagramPacket(both, both.length, packet.getAddress(), packet.getPort()));
            joined.incrementAndGet();
        }
    }

    /** quiche would throw away all of a datagram whose first packet it has no keys for any more. */
    @Test
    void whatComesBehindAPacketOfTheHandshakeIsReadThoughThatIsOver() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 1);
                LateHandshake socket = new LateHandshake();
                H3Client client = H3Client.connect(edge.port(), builder -> builder.socketFactory(to -> socket))) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(socket.joined).hasPositiveValue();
        }
    }

    @Test
    void nobodyElseCanChangeTheClientsAddress() throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = edge(upstream, 1);
                H3Client client = H3Client.connect(edge.port());
                DatagramSocket attacker = new DatagramSocket(new InetSocketAddress("127.0.0.2", 0))) {
            assertThat(client.get("/").status()).isEqualTo(200);
            AccessRecord before = edge.nextRecord();
            byte[] id = client.quic().getDestinationConnectionId();
            byte[] garbage = new byte[60];
            garbage[0] = 0x40;
            System.arraycopy(id, 0, garbage, 1, id.length);
            H3Exchange exchange = client.open().head("POST", "/");
            send(attacker, edge.port(), garbage);
            send(attacker, edge.port(), garbage);
            assertThat(exchange.end().answer().status()).isEqualTo(200);

            assertThat(edge.nextRecord().connection().remoteAddress())
                    .isEqualTo(before.connection().remoteAddress());
            assertThat(upstream.awaitRequests(2).get(1).headers().all("x-forwarded-for"))
                    .containsExactly("127.0.0.1");
        }
    }

    @Test
    void oversizedHeadersAreAnsweredAndTheConnectionGoesOn() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 1);
                H3Client client = H3Client.connect(edge.port())) {
            String fits = "x".repeat((64 << 10) - 400);
            assertThat(client.open()
                            .head("GET", "/gone", "x-large", fits)
                            .end()
                            .answer()
                            .status())
                    .isEqualTo(410);
            assertThat(client.open()
                            .head("GET", "/gone", "x-large", fits + "x".repeat(400))
                            .end()
                            .answer()
                            .status())
                    .isEqualTo(431);
            assertThat(client.open()
                            .head("GET", "/gone", "x-large", "x".repeat(200_000))
                            .end()
                            .answer()
                            .status())
                    .isEqualTo(431);
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
        }
    }

    @Test
    void malformedRequestsAreResetAndTheConnectionGoesOn() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 1);
                H3Client client = H3Client.connect(edge.port())) {
            Map.Entry<String, String> method = Map.entry(":method", "GET");
            Map.Entry<String, String> scheme = Map.entry(":scheme", "https");
            Map.Entry<String, String> authority = Map.entry(":authority", "localhost");
            Map.Entry<String, String> path = Map.entry(":path", "/gone");
            List<List<Map.Entry<String, String>>> malformed = List.of(
                    List.of(scheme, authority, path),
                    List.of(method, scheme, path),
                    List.of(method, scheme, authority),
                    List.of(method, method, scheme, authority, path),
                    List.of(method, scheme, authority, path, Map.entry("connection", "close")),
                    List.of(method, scheme, authority, path, Map.entry("transfer-encoding", "chunked")),
                    List.of(method, scheme, authority, path, Map.entry("te", "gzip")),
                    List.of(method, scheme, authority, path, Map.entry("host", "other")),
                    List.of(method, scheme, authority, path, Map.entry("content-length", "x")),
                    List.of(method, scheme, Map.entry(":authority", "user@localhost"), path),
                    List.of(method, scheme, authority, Map.entry(":path", "gone")),
                    List.of(method, scheme, authority, Map.entry(":path", "/a b")),
                    List.of(method, scheme, authority, path, Map.entry("x-a", "a\nb")),
                    List.of(method, scheme, authority, path, Map.entry("x a", "b")),
                    List.of(method, scheme, authority, path, Map.entry(":status", "200")));
            for (List<Map.Entry<String, String>> fields : malformed) {
                H3Answer answer = client.open().fields(fields).end().answer();
                assertThat(answer.isWhole()).as("%s", fields).isFalse();
                assertThat(edge.nextRecord().response().reason())
                        .as("%s", fields)
                        .contains("malformed_request");
            }
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(upstream.requestCount()).isZero();
        }
    }

    @Test
    void whatClientsDoWrongIsNotLogged() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger netty = (Logger) LoggerFactory.getLogger("io.netty");
        lines.start();
        netty.addAppender(lines);
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, 1, Http3.of(http3 -> http3.qpack(4_096, 2)))) {
            byte[] secondSettings = {H3Client.SETTINGS, 0};
            byte[] tableTooLarge = {2, 0x3f, (byte) 0xe2, 0x1f};
            try (H3Client client = H3Client.connect(edge.port())) {
                client.send(new StreamFrame(2, 5, secondSettings, false));
                assertThat(client.ended()).succeedsWithin(PATIENCE);
            }
            try (H3Client client = H3Client.connect(edge.port())) {
                client.send(new StreamFrame(6, 0, tableTooLarge, false));
                assertThat(client.ended()).succeedsWithin(PATIENCE);
            }
        } finally {
            netty.detachAppender(lines);
        }
        assertThat(lines.list).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
    }
}
