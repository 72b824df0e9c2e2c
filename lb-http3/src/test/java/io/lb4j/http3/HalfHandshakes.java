package io.lb4j.http3;

import io.lb4j.testkit.time.Aside;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Clients of whom the server hears their first packet and nothing else. */
final class HalfHandshakes {
    private final DatagramSocket between;
    private final int port;
    private final Set<SocketAddress> passed = new HashSet<>();

    /**
     * Stands between clients and the server.
     *
     * @param between is sent from, so that all clients come from one address
     * @param port of the server
     */
    HalfHandshakes(DatagramSocket between, int port) {
        this.between = between;
        this.port = port;
    }

    /** Begins one more handshake, which will never end. */
    void begin() throws IOException {
        CompletableFuture.runAsync(
                () -> H3Client.connect(
                        between.getLocalPort(), builder -> builder.connectTimeout(Duration.ofSeconds(2))),
                Aside.THREAD);
        DatagramPacket packet = new DatagramPacket(new byte[1_500], 1_500);
        do {
            packet.setLength(1_500);
            between.receive(packet);
        } while (packet.getPort() == port || !passed.add(packet.getSocketAddress()));
        packet.setSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        between.send(packet);
    }
}
