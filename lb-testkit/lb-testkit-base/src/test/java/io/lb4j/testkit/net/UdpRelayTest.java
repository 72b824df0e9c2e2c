package io.lb4j.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UdpRelayTest {
    private final DatagramSocket server = socket();
    private final DatagramSocket client = socket();
    private final UdpRelay relay = UdpRelay.to((InetSocketAddress) server.getLocalSocketAddress());

    @AfterEach
    void close() {
        relay.close();
        client.close();
        server.close();
    }

    @Test
    void passesDatagramsBothWays() throws IOException {
        send(client, relay.port(), 7);
        DatagramPacket arrived = receive(server);
        send(server, arrived.getPort(), 8);

        assertThat(number(arrived)).isEqualTo(7);
        assertThat(number(receive(client))).isEqualTo(8);
        // Counted after it was passed on, so the client may have it a moment earlier.
        Awaitility.await().until(() -> relay.received() == 2);
    }

    @Test
    void givesTheClientANewSourcePort() throws IOException {
        send(client, relay.port(), 1);
        int before = receive(server).getPort();
        relay.rebind();
        send(client, relay.port(), 2);
        int after = receive(server).getPort();
        send(server, after, 3);

        assertThat(after).isNotEqualTo(before);
        assertThat(number(receive(client))).isEqualTo(3);
    }

    @Test
    void losesTheSameDatagramsForTheSameSeed() throws IOException {
        List<Integer> first = arrivals(Impairment.none().loss(0.3).seed(42));
        List<Integer> again = arrivals(Impairment.none().loss(0.3).seed(42));
        List<Integer> other = arrivals(Impairment.none().loss(0.3).seed(43));

        assertThat(first).hasSizeBetween(50, 90);
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void reorders() throws IOException {
        List<Integer> arrived = arrivals(Impairment.none().reorder(0.2, Duration.ofMillis(20)));

        assertThat(arrived).hasSize(100).isNotEqualTo(sorted(arrived));
        assertThat(sorted(arrived)).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void keepsTheOrderWithoutReordering() throws IOException {
        List<Integer> arrived = arrivals(Impairment.none().delay(Duration.ofMillis(5)));

        assertThat(arrived).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void datagramsThatAreTooLargeVanish() throws IOException {
        relay.impair(Impairment.none().mtu(Integer.BYTES - 1));
        send(client, relay.port(), 1);
        Awaitility.await().until(() -> relay.lost() == 1);
        relay.impair(Impairment.none().mtu(Integer.BYTES));
        send(client, relay.port(), 2);

        assertThat(number(receive(server))).isEqualTo(2);
    }

    @Test
    void delays() throws IOException {
        relay.impair(Impairment.none().delay(Duration.ofMillis(30)));
        long start = System.nanoTime();
        send(client, relay.port(), 1);
        receive(server);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void losesEverythingInABlackhole() throws IOException {
        relay.blackhole(true);
        send(client, relay.port(), 1);
        send(client, relay.port(), 2);
        Awaitility.await().until(() -> relay.lost() == 2);
        relay.blackhole(false);
        send(client, relay.port(), 3);

        assertThat(number(receive(server))).isEqualTo(3);
    }

    /** What arrives of a hundred numbered datagrams, in the order in which it arrives. */
    private List<Integer> arrivals(Impairment impairment) throws IOException {
        relay.impair(impairment);
        long receivedBefore = relay.received();
        long lostBefore = relay.lost();
        for (int i = 0; i < 100; i++) {
            send(client, relay.port(), i);
        }
        Awaitility.await().until(() -> relay.received() - receivedBefore == 100);
        List<Integer> arrived = new ArrayList<>();
        while (arrived.size() < 100 - (relay.lost() - lostBefore)) {
            arrived.add(number(receive(server)));
        }
        return arrived;
    }

    private static List<Integer> sorted(List<Integer> numbers) {
        List<Integer> sorted = new ArrayList<>(numbers);
        Collections.sort(sorted);
        return sorted;
    }

    private static void send(DatagramSocket from, int port, int number) throws IOException {
        byte[] bytes = ByteBuffer.allocate(4).putInt(number).array();
        from.send(new DatagramPacket(bytes, 4, new InetSocketAddress(ReservedPort.loopback(), port)));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4], 4);
        socket.setSoTimeout(10_000);
        socket.receive(packet);
        return packet;
    }

    private static int number(DatagramPacket packet) {
        return ByteBuffer.wrap(packet.getData()).getInt();
    }

    private static DatagramSocket socket() {
        try {
            return new DatagramSocket(new InetSocketAddress(ReservedPort.loopback(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
