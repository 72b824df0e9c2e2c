package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.spi.Transport;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A client that comes when the socket is bound and the balancer does not serve yet. */
final class EarlyClientTest {
    /** RFC 9000 §15: a version of the pattern that nobody speaks, so that any server that reads it answers with those that it does. */
    private static final int RESERVED_VERSION = 0x1a2a3a4a;

    /** Is bound after HTTP/3, and sends a packet to that meanwhile. */
    private static final class Interlude implements Transport, AutoCloseable {
        private final DatagramSocket client;
        private boolean wasAnswered;

        Interlude() throws IOException {
            client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        }

        @Override
        public String name() {
            return "interlude";
        }

        @Override
        public Binding bind(Context context) throws IOException {
            byte[] packet = ByteBuffer.allocate(1200)
                    .put((byte) 0xc0)
                    .putInt(RESERVED_VERSION)
                    .put((byte) 8)
                    .putLong(1)
                    .put((byte) 8)
                    .putLong(2)
                    .array();
            client.send(new DatagramPacket(
                    packet,
                    packet.length,
                    InetAddress.getLoopbackAddress(),
                    context.address().getPort()));
            wasAnswered = isAnswered(2_000);
            return new Disabled();
        }

        boolean isAnswered(int millis) throws IOException {
            DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
            client.setSoTimeout(millis);
            try {
                client.receive(answer);
                return true;
            } catch (SocketTimeoutException e) {
                return false;
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Test
    void anEarlyClientWaitsUntilTheListenerServes() throws IOException {
        try (Interlude interlude = new Interlude();
                ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream, Http3.defaults(), listener -> listener.transport(interlude), builder -> {})) {
            assertThat(interlude.wasAnswered).as("before it serves").isFalse();
            assertThat(interlude.isAnswered(30_000)).as("then").isTrue();
            assertThat(edge.figure(Figure.CONNECTIONS_REFUSED)).isZero();
        }
    }
}
