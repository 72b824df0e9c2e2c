package io.lb4j.http3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A NAT that forgets its only client over and over, each time before the client can prove the address that it has got: what comes back to an address is lost, and after so many
 * datagrams there is another one. Thread-safe.
 */
final class RestlessRelay implements AutoCloseable {
    private final InetSocketAddress target;
    private final DatagramSocket clientSide = socket();
    private final List<DatagramSocket> addresses = new ArrayList<>(); // kept, so that none comes twice
    private DatagramSocket serverSide; // guarded by this, as all below
    private @Nullable SocketAddress client;
    private int passes;
    private int movesLeft;
    private int swallowedOfEach;
    private int swallowed;
    private boolean isHeld;
    private final List<byte[]> held = new ArrayList<>();

    private RestlessRelay(InetSocketAddress target) {
        this.target = target;
        serverSide = newServerSide();
        receive(clientSide, (at, packet) -> fromClient(packet));
    }

    static RestlessRelay to(int port) {
        return new RestlessRelay(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    int port() {
        return clientSide.getLocalPort();
    }

    /**
     * Gives the client other addresses.
     *
     * @param passing how many datagrams it still gets where it is
     * @param times how often it moves
     * @param swallow how many datagrams are lost on each address but the last
     */
    synchronized void move(int passing, int times, int swallow) {
        passes = passing;
        movesLeft = times;
        swallowedOfEach = swallow;
        if (passing == 0) {
            moveOn();
        }
    }

    private void moveOn() {
        movesLeft--;
        swallowed = 0;
        serverSide = newServerSide();
    }

    /** Lets pass what comes back to where the client is now. */
    synchronized void stay() {
        movesLeft = 0;
    }

    /** Returns how often the client is yet to move. */
    synchronized int movesLeft() {
        return movesLeft;
    }

    /** Keeps what comes from the client until {@link #release()}. */
    synchronized void hold() {
        isHeld = true;
    }

    synchronized int held() {
        return held.size();
    }

    /** Lets go what was kept, all at once, and what comes from now on. */
    synchronized void release() {
        isHeld = false;
        held.forEach(octets -> send(serverSide, octets, target));
        held.clear();
    }

    private synchronized void fromClient(DatagramPacket packet) {
        client = packet.getSocketAddress();
        byte[] octets = octetsOf(packet);
        if (isHeld) {
            held.add(octets);
        } else {
            send(serverSide, octets, target);
        }
    }

    private synchronized void fromServer(DatagramSocket from, DatagramPacket packet) {
        SocketAddress to = client;
        if (!from.equals(serverSide) || to == null) {
            return; // to an address that the client has no more
        }
        if (passes > 0 || movesLeft == 0) {
            send(clientSide, octetsOf(packet), to);
            if (passes > 0 && --passes == 0) {
                moveOn();
            }
        } else if (++swallowed >= swallowedOfEach) {
            moveOn();
        }
    }

    private static byte[] octetsOf(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static void send(DatagramSocket by, byte[] octets, SocketAddress to) {
        try {
            by.send(new DatagramPacket(octets, octets.length, to));
        } catch (IOException e) {
            return; // lost, as datagrams are
        }
    }

    private synchronized DatagramSocket newServerSide() {
        DatagramSocket made = socket();
        addresses.add(made);
        receive(made, this::fromServer);
        return made;
    }

    private static DatagramSocket socket() {
        try {
            DatagramSocket made = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            made.setReceiveBufferSize(4 << 20);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Receiver {
        void received(DatagramSocket at, DatagramPacket packet);
    }

    private static void receive(DatagramSocket socket, Receiver receiver) {
        Thread thread = new Thread(
                () -> {
                    byte[] buffer = new byte[2_048];
                    while (!socket.isClosed()) {
                        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                        try {
                            socket.receive(packet);
                        } catch (IOException e) {
                            // Closed, or an ICMP message, which a NAT does not pass on.
                            continue;
                        }
                        receiver.received(socket, packet);
                    }
                },
                "restless-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void close() {
        clientSide.close();
        addresses.forEach(DatagramSocket::close);
    }
}
