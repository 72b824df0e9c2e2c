package io.lb4j.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A DNS server that knows 127.0.0.2 and ::1 for every name and, when it is told to, fails on questions for AAAA, as some do. */
final class OneFamilyServer implements AutoCloseable {
    private static final int HEADER = 12;
    private static final int AAAA = 28;

    private final DatagramSocket socket;
    private final Thread thread = new Thread(this::serve, "one-family-dns");
    private volatile boolean failingOnSix;

    OneFamilyServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        thread.start();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    void failOnSix() {
        failingOnSix = true;
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket asked = new DatagramPacket(buffer, buffer.length);
                socket.receive(asked);
                byte[] answer = answer(buffer);
                socket.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
            } catch (IOException closed) {
                // The test is over.
                return;
            }
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        int end = HEADER;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        int type = question[end + 2];
        end += 5; // the name's end, type and class
        boolean fails = failingOnSix && type == AAAA;
        byte[] address =
                InetAddress.getByName(type == AAAA ? "::1" : "127.0.0.2").getAddress();
        ByteBuffer answer = ByteBuffer.allocate(512);
        answer.put(question, 0, 2); // the number
        answer.put((byte) 0x84).put((byte) (fails ? 2 : 0)); // a response of the authority; SERVFAIL
        answer.putShort((short) 1).putShort((short) (fails ? 0 : 1)).putInt(0);
        answer.put(question, HEADER, end - HEADER);
        if (!fails) {
            answer.putShort((short) 0xc00c)
                    .putShort((short) type)
                    .putShort((short) 1)
                    .putInt(1);
            answer.putShort((short) address.length).put(address);
        }
        return Arrays.copyOf(answer.array(), answer.position());
    }

    @Override
    public void close() {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
