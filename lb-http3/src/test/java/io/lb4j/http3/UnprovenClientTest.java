package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody gets, or has others get, who has not proven that packets sent to the address reach it (RFC 9000 §8). */
final class UnprovenClientTest {
    private static final int LEAST_OCTETS = 1_200;

    @TempDir
    private Path files;

    private static Edge edge(ScriptedUpstream upstream, Http3 http3) {
        return Edge.before(
                upstream,
                http3,
                listener -> listener.tls(tls -> tls.handshakeTimeout(Duration.ofSeconds(2))),
                builder -> {});
    }

    private static DatagramSocket somebody() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(50);
        return socket;
    }

    private static long handshakes(Edge edge) {
        return edge.figure(Figure.HANDSHAKES_OPEN) + edge.figure(Figure.HANDSHAKES_FAILED);
    }

    /** Returns how many octets have come until the balancer has given the handshake up, and nothing comes any more. */
    private static int octetsUntilGivenUp(DatagramSocket socket, Edge edge) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        int octets = 0;
        for (; ; ) {
            try {
                packet.setLength(2_000);
                socket.receive(packet);
                octets += packet.getPort() == edge.port() ? packet.getLength() : 0; // else for who had this port before
            } catch (SocketTimeoutException e) {
                if (edge.figure(Figure.HANDSHAKES_FAILED) > 0) {
                    return octets;
                }
            }
        }
    }

    private static byte[] receive(DatagramSocket socket, int atMostMillis) throws IOException {
        socket.setSoTimeout(atMostMillis);
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    @Test
    void aDatagramOf1199OctetsBeginsNothing() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                DatagramSocket socket = somebody()) {
            FirstDatagram.send(socket, edge.port(), FirstDatagram.madeUp(LEAST_OCTETS - 1));
            await().untilAsserted(
                            () -> assertThat(edge.figure(Figure.PACKETS_TINY)).isEqualTo(1));
            assertThat(handshakes(edge)).isZero();

            FirstDatagram.send(socket, edge.port(), FirstDatagram.madeUp(LEAST_OCTETS));
            await().untilAsserted(() -> assertThat(handshakes(edge)).isEqualTo(1));
            assertThat(edge.figure(Figure.PACKETS_TINY)).isEqualTo(1);
        }
    }

    @Test
    void aSmallDatagramOfAnotherVersionIsNotAnswered() throws Exception {
        byte[] whole = FirstDatagram.madeUp(LEAST_OCTETS);
        whole[1] = 0x1a;
        byte[] tiny = FirstDatagram.madeUp(LEAST_OCTETS - 1);
        tiny[1] = 0x1a;
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                DatagramSocket first = somebody();
                DatagramSocket second = somebody()) {
            FirstDatagram.send(first, edge.port(), tiny);
            FirstDatagram.send(second, edge.port(), whole);

            assertThat(Arrays.copyOfRange(receive(second, 10_000), 1, 5))
                    .as("version 0: names those that are served")
                    .containsOnly(0);
            assertThat(edge.figure(Figure.PACKETS_TINY)).isEqualTo(1);
            assertThatThrownBy(() -> receive(first, 1)).isInstanceOf(SocketTimeoutException.class);
            assertThat(handshakes(edge)).isZero();
        }
    }

    @Test
    void theHandshakeSendsNoMoreThanThreeTimesWhatCame() throws Exception {
        byte[] hello = FirstDatagram.ofClient();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, Http3.defaults());
                DatagramSocket socket = somebody()) {
            FirstDatagram.send(socket, edge.port(), hello);

            assertThat(octetsUntilGivenUp(socket, edge)).isBetween(1, 3 * hello.length);
        }
    }

    @Test
    void aCertificateThatIsLargeChangesNothing() throws Exception {
        byte[] hello = FirstDatagram.ofClient();
        String[] names = IntStream.range(0, 400)
                .mapToObj(n -> n == 0 ? "localhost" : "a-name-that-is-not-short-" + n + ".test")
                .toArray(String[]::new);
        TestCertificate.PemFiles large = TestCertificates.create().server(names).writePem(files, "large");
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, Http3.of(http3 -> http3.certificate(large.chain(), large.key())));
                DatagramSocket socket = somebody()) {
            FirstDatagram.send(socket, edge.port(), hello);
            assertThat(octetsUntilGivenUp(socket, edge))
                    .as("as far as it may go, and not farther")
                    .isBetween(2 * hello.length, 3 * hello.length);

            try (H3Client client = H3Client.connect(edge.port())) {
                assertThat(client.get("/gone").status())
                        .as("with a proof the rest comes")
                        .isEqualTo(410);
            }
        }
    }

    @Test
    void aRetryIsSmallerThanWhatItAnswers() throws Exception {
        byte[] hello = FirstDatagram.ofClient();
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = edge(upstream, Http3.of(http3 -> http3.retry(RetryMode.ALWAYS)));
                DatagramSocket socket = somebody()) {
            FirstDatagram.send(socket, edge.port(), hello);

            assertThat(receive(socket, 10_000)).hasSizeLessThan(hello.length);
            assertThat(handshakes(edge)).as("nothing is kept").isZero();
        }
    }
}
