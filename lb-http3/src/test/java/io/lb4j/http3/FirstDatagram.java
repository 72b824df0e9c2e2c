package io.lb4j.http3;

import io.lb4j.testkit.time.Aside;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a client says first: a datagram with an Initial, which anybody may send from anywhere. */
final class FirstDatagram {
    private FirstDatagram() {}

    /** Returns that of a client which is never heard of again. */
    static byte[] ofClient() throws IOException {
        try (DatagramSocket ear = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            CompletableFuture.runAsync(
                    () -> H3Client.connectOnce(
                            ear.getLocalPort(), builder -> builder.connectTimeout(Duration.ofMillis(100)), List.of()),
                    Aside.THREAD);
            DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
            ear.receive(packet);
            return Arrays.copyOf(packet.getData(), packet.getLength());
        }
    }

    /** Returns one that looks like it from outside, and holds nothing. */
    static byte[] madeUp(int octets) {
        byte[] packet = new byte[octets];
        packet[0] = (byte) 0xc0;
        packet[4] = 1; // version
        packet[5] = 8; // ids of 8 octets
        packet[6] = 9;
        packet[14] = 8;
        int rest = octets - 26; // behind the length, for there is no token
        packet[24] = (byte) (0x40 | rest >> 8);
        packet[25] = (byte) rest;
        return packet;
    }

    static void send(DatagramSocket from, int port, byte[] octets) throws IOException {
        from.send(new DatagramPacket(
                octets, octets.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }
}
