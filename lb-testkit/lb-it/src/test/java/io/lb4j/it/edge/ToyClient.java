package io.lb4j.it.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** A client of {@link ToyTransport}; each is a connection of its own. */
final class ToyClient implements AutoCloseable {
    private final DatagramSocket socket;

    ToyClient(int port) {
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(10_000);
            socket.connect(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String ask(String datagram) {
        try {
            send(datagram);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read();
    }

    private void send(String datagram) throws IOException {
        byte[] octets = datagram.getBytes(ISO_8859_1);
        socket.send(new DatagramPacket(octets, octets.length));
    }

    String read() {
        try {
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says goodbye, lest the listener wait for this connection. */
    @Override
    public void close() {
        try {
            send("BYE");
        } catch (IOException e) {
            return; // nobody is there any more: the connection has ended too
        } finally {
            socket.close();
        }
    }
}
