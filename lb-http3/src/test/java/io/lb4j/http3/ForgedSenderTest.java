package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Somebody on the way sends a client's own packets in the name of another (RFC 9000 §9.3.1): genuine, and the first to come. */
final class ForgedSenderTest {
    private static final int OCTETS = 1_000_000;
    private static final int FORGED = 6;

    /** Passes packets on as a NAT does, and those of the client from elsewhere first, as often as is wanted. */
    private static final class Forger implements AutoCloseable {
        private final InetSocketAddress server;
        private final DatagramSocket clientSide = socket("127.0.0.1");
        private final DatagramSocket serverSide = socket("127.0.0.1");
        private final DatagramSocket victim = socket("127.0.0.2");
        private final AtomicLong sent = new AtomicLong(); // octets, in the name of the victim
        private final AtomicLong received = new AtomicLong();
        private final AtomicLong toForge = new AtomicLong();
        private volatile @Nullable SocketAddress client;

        Forger(int port) {
            server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            start(clientSide, this::fromClient);
            start(serverSide, packet -> send(clientSide, packet, client));
            start(victim, packet -> received.addAndGet(packet.getLength()));
        }

        private void fromClient(DatagramPacket packet) {
            client = packet.getSocketAddress();
            boolean isShort = packet.getData()[0] > 0;
            if (isShort && toForge.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                sent.addAndGet(packet.getLength());
                send(victim, packet, server);
            }
            send(serverSide, packet, server);
        }

        private static void send(DatagramSocket by, DatagramPacket packet, @Nullable SocketAddress to) {
            try {
                by.send(new DatagramPacket(packet.getData(), packet.getLength(), to));
            } catch (IOException e) {
                return; // lost, as datagrams are
            }
        }

        private static DatagramSocket socket(String address) {
            try {
                DatagramSocket made = new DatagramSocket(new InetSocketAddress(address, 0));
                made.setReceiveBufferSize(4 << 20);
                return made;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @FunctionalInterface
        private interface Receiver {
            void received(DatagramPacket packet);
        }

        private static void start(DatagramSocket socket, Receiver receiver) {
            Thread thread = new Thread(
                    () -> {
                        while (!socket.isClosed()) {
                            DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
                            try {
                                socket.receive(packet);
                            } catch (IOException e) {
                                continue; // closed, or an ICMP message
                            }
                            receiver.received(packet);
                        }
                    },
                    "forger");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() {
            clientSide.close();
            serverSide.close();
            victim.close();
        }
    }

    @Test
    void theOtherGetsThreeTimesWhatCameAndIsNobodysClient() throws Exception {
        byte[] body = new byte[OCTETS];
        new Random(9).nextBytes(body);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.keepBodies(body.length).onAny().echo());
                Edge edge = Edge.before(upstream);
                Forger forger = new Forger(edge.port());
                H3Client kwik = H3Client.connect(forger.clientSide.getLocalPort())) {
            assertThat(kwik.get("/gone").status()).isEqualTo(410);
            SocketAddress genuine = edge.nextRecord().connection().remoteAddress();

            CompletableFuture<H3Answer> echoed = CompletableFuture.supplyAsync(() -> kwik.post("/", body));
            forger.toForge.set(FORGED);
            await().atMost(Duration.ofMinutes(1)).until(() -> forger.toForge.get() == 0);
            assertThat(Arrays.equals(echoed.get(60, TimeUnit.SECONDS).body(), body))
                    .isTrue();

            assertThat(edge.nextRecord().connection().remoteAddress()).isEqualTo(genuine);
            assertThat(kwik.get("/gone").status()).isEqualTo(410);
            assertThat(edge.nextRecord().connection().remoteAddress()).isEqualTo(genuine);
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            assertThat(edge.figure(Figure.MIGRATIONS)).isZero();
            assertThat(forger.received.get()).isLessThanOrEqualTo(3 * forger.sent.get());
            assertThat(upstream.awaitRequests(1).get(0).headers().all("x-forwarded-for"))
                    .containsExactly("127.0.0.1");
        }
    }
}
