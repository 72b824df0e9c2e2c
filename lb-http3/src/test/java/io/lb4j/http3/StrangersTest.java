package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Addresses that nobody has proven: three times as much goes there as came from there (RFC 9000 §9.3.1). */
final class StrangersTest {
    private static final InetSocketAddress SERVER = at(443);
    private static final InetSocketAddress STRANGER = at(1);
    private static final InetSocketAddress OTHER = at(2);
    private static final byte SHORT = 0x40;
    private static final byte LONG = (byte) 0xc0;

    private final Set<SocketAddress> handshakes = new HashSet<>();
    private final Figures figures = new Figures();
    private final Strangers strangers = new Strangers(handshakes::contains, figures);
    private final EmbeddedChannel socket = new EmbeddedChannel(strangers);

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @AfterEach
    void release() {
        socket.finishAndReleaseAll();
    }

    private static io.netty.channel.socket.DatagramPacket packet(
            byte first, int octets, InetSocketAddress recipient, InetSocketAddress sender) {
        byte[] packet = new byte[octets];
        packet[0] = first;
        return new io.netty.channel.socket.DatagramPacket(Unpooled.wrappedBuffer(packet), recipient, sender);
    }

    private void receive(InetSocketAddress sender, int octets) {
        socket.writeInbound(packet(SHORT, octets, SERVER, sender));
    }

    /** Returns whether a packet leaves. */
    private boolean goes(InetSocketAddress recipient, byte first, int octets) {
        socket.writeOutbound(packet(first, octets, recipient, SERVER));
        io.netty.channel.socket.DatagramPacket sent = socket.readOutbound();
        if (sent == null) {
            return false;
        }
        sent.release();
        return true;
    }

    @Test
    void threeTimesAsMuchGoesToAStranger() {
        receive(STRANGER, 100);

        assertThat(goes(STRANGER, SHORT, 200)).isTrue();
        assertThat(goes(STRANGER, SHORT, 101)).isFalse();
        assertThat(goes(STRANGER, SHORT, 100)).isTrue();
        assertThat(goes(STRANGER, SHORT, 1)).isFalse();
        assertThat(figures.value(Figure.PACKETS_HELD_BACK)).isEqualTo(2);

        receive(STRANGER, 100);
        assertThat(goes(STRANGER, SHORT, 300)).isTrue();
    }

    @Test
    void whoHasProvenTheAddressIsNone() {
        strangers.onProven(OTHER);
        receive(OTHER, 1);
        assertThat(goes(OTHER, SHORT, 1_200)).isTrue();

        receive(STRANGER, 1);
        strangers.onProven(STRANGER);
        assertThat(goes(STRANGER, SHORT, 1_200)).isTrue();
    }

    @Test
    void anAddressIsProvenForAsLongAsOneConnectionHasIt() {
        strangers.onProven(STRANGER);
        strangers.onProven(STRANGER);
        strangers.onGone(STRANGER);
        receive(STRANGER, 1);
        assertThat(goes(STRANGER, SHORT, 1_200)).isTrue();

        strangers.onGone(STRANGER);
        receive(STRANGER, 1);
        assertThat(goes(STRANGER, SHORT, 3_700)).isFalse();
    }

    @Test
    void handshakesAreNotItsBusiness() {
        receive(STRANGER, 1);
        assertThat(goes(STRANGER, LONG, 1_200)).isTrue();

        handshakes.add(STRANGER);
        receive(STRANGER, 1);
        assertThat(goes(STRANGER, SHORT, 1_200)).isTrue();
    }

    /** quiche goes on to send while it finds out how wide the path is, before it says that the address is proven. */
    @Test
    void whoHasProvenTheAddressUnheardIsNone() {
        AtomicBoolean proven = new AtomicBoolean();
        receive(STRANGER, 1);
        strangers.onArrived(STRANGER, proven::get);
        assertThat(goes(STRANGER, SHORT, 1_200)).isFalse();

        proven.set(true);
        assertThat(goes(STRANGER, SHORT, 1_200)).isTrue();
    }

    /** Or whoever sends from enough addresses would have as much as he likes sent to the first. */
    @Test
    void nothingGoesToTheEldestOfTooManyUntilTheyAreHeardAgain() {
        for (int port = 1; port <= 4_097; port++) {
            receive(at(port), 1_200);
        }
        assertThat(goes(STRANGER, SHORT, 1)).isFalse();
        assertThat(goes(OTHER, SHORT, 1_200)).isTrue();

        receive(STRANGER, 100);
        assertThat(goes(STRANGER, SHORT, 300)).isTrue();
        assertThat(goes(STRANGER, SHORT, 1)).isFalse();
    }

    @Test
    void nothingGoesToWhomNothingHasComeFrom() {
        assertThat(goes(STRANGER, SHORT, 1)).isFalse();
        assertThat(goes(STRANGER, LONG, 1_200)).isTrue();

        handshakes.add(STRANGER);
        assertThat(goes(STRANGER, SHORT, 1_200)).isTrue();
    }

    @Test
    void aClientWhoseConnectionIsOverIsToldSoAndNoMore() {
        strangers.onProven(STRANGER);
        assertThat(goes(STRANGER, SHORT, 1_200)).isTrue();
        strangers.onGone(STRANGER);

        assertThat(goes(STRANGER, SHORT, 1_200)).isTrue();
        assertThat(goes(STRANGER, SHORT, 2_401)).isFalse();
    }

    /** The codec sends to whom it heard last: alone, it would send the download to who sends garbage. */
    @Test
    void whoSendsGarbageInAClientsNameGetsThreeTimesThatAtTheMost() throws Exception {
        byte[] body = new byte[2_000_000];
        new Random(9).nextBytes(body);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.keepBodies(body.length).onAny().echo());
                Edge edge = Edge.before(upstream);
                UdpRelay relay = UdpRelay.to(at(edge.port()));
                H3Client client = H3Client.connect(relay.port());
                DatagramSocket attacker = new DatagramSocket(new InetSocketAddress("127.0.0.2", 0))) {
            attacker.setReceiveBufferSize(4 << 20);
            attacker.setSoTimeout(500);
            byte[] garbage = new byte[60];
            garbage[0] = SHORT;
            byte[] id = client.quic().getDestinationConnectionId();
            System.arraycopy(id, 0, garbage, 1, id.length);
            relay.impair(Impairment.none().delay(Duration.ofMillis(5)));
            CompletableFuture<H3Answer> echoed = CompletableFuture.supplyAsync(() -> client.post("/", body));
            AtomicLong sent = new AtomicLong();
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> {
                        attacker.send(new DatagramPacket(garbage, garbage.length, at(edge.port())));
                        sent.addAndGet(garbage.length);
                        return echoed.isDone();
                    });

            assertThat(echoed.get().body()).isEqualTo(body);
            assertThat(received(attacker)).isLessThanOrEqualTo(3 * sent.get());
        }
    }

    private static long received(DatagramSocket socket) throws IOException {
        long octets = 0;
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        for (; ; ) {
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException none) {
                return octets;
            }
            octets += packet.getLength();
        }
    }
}
