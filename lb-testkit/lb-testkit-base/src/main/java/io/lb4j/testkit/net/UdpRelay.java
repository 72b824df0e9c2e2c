package io.lb4j.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between clients and a UDP server as a NAT does, and impairs what passes: delay, jitter, loss, reordering, a
 * narrow line, silence; and gives clients new source ports on demand. Thread-safe.
 */
public final class UdpRelay implements AutoCloseable {
    private static final int DATAGRAM_BYTES = 65_535;

    private final InetSocketAddress target;
    private final DatagramSocket clientSide;
    private final UdpLine forth = new UdpLine("udp-relay-forth", 0);
    private final UdpLine back = new UdpLine("udp-relay-back", 1);
    private final Map<SocketAddress, DatagramSocket> mappings = new ConcurrentHashMap<>();
    private final Set<Integer> usedPorts = ConcurrentHashMap.newKeySet();
    private final AtomicLong datagrams = new AtomicLong();

    private UdpRelay(DatagramSocket clientSide, InetSocketAddress target) {
        this.target = target;
        this.clientSide = clientSide;
        receive(clientSide, "udp-relay-clients", this::fromClient);
    }

    /**
     * Starts a relay that impairs nothing yet.
     *
     * @param target where datagrams are passed on to
     * @return bound to a free port of 127.0.0.1
     */
    public static UdpRelay to(InetSocketAddress target) {
        return new UdpRelay(newSocket(), target);
    }

    /**
     * Starts a relay that impairs nothing yet, at a socket that is there: beside a TCP port of the same number, for one ({@link PortPair}).
     *
     * @param clientSide where clients send to; closed with the relay
     * @param target where datagrams are passed on to
     * @return bound there
     */
    public static UdpRelay at(DatagramSocket clientSide, InetSocketAddress target) {
        return new UdpRelay(clientSide, target);
    }

    /**
     * Where clients send to.
     *
     * @return the UDP port
     */
    public int port() {
        return clientSide.getLocalPort();
    }

    /**
     * Impairs from now on, both directions; datagrams on their way keep their time. The random numbers begin anew.
     *
     * @param change replaces what was set before
     */
    public void impair(Impairment change) {
        forth.impair(change);
        back.impair(change);
    }

    /**
     * Default: off. While on, every datagram is lost.
     *
     * @param on whether to drop everything
     */
    public void blackhole(boolean on) {
        forth.blackhole(on);
        back.blackhole(on);
    }

    /**
     * Gives every client a new source port towards the server, as a NAT does that has forgotten its table: one that this
     * relay has not used before. What the server still sends to the old ports is lost.
     */
    public void rebind() {
        mappings.replaceAll((client, old) -> {
            old.close();
            return newMapping(client);
        });
    }

    /**
     * How many datagrams have come from either side.
     *
     * @return lost ones included
     */
    public long received() {
        return datagrams.get();
    }

    /**
     * How many datagrams the relay has lost on purpose.
     *
     * @return in both directions together
     */
    public long lost() {
        return forth.lost() + back.lost();
    }

    /** Drops what is on its way and gives the ports back; the threads end with their sockets. */
    @Override
    public void close() {
        clientSide.close();
        mappings.values().forEach(DatagramSocket::close);
        forth.close();
        back.close();
    }

    private void fromClient(DatagramPacket packet) {
        SocketAddress client = packet.getSocketAddress();
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        mappings.computeIfAbsent(client, this::newMapping);
        // Looked up again when it leaves: it may have been rebound by then.
        forth.carry(bytes.length, () -> send(mappings.get(client), bytes, target));
    }

    private DatagramSocket newMapping(SocketAddress client) {
        DatagramSocket socket = neverUsedSocket();
        receive(socket, "udp-relay-server-" + socket.getLocalPort(), packet -> {
            byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
            back.carry(bytes.length, () -> send(clientSide, bytes, client));
        });
        return socket;
    }

    private void receive(DatagramSocket socket, String threadName, Receiver next) {
        Thread thread = new Thread(
                () -> {
                    byte[] buffer = new byte[DATAGRAM_BYTES];
                    while (!socket.isClosed()) {
                        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                        try {
                            socket.receive(packet);
                        } catch (IOException e) {
                            // Closed by rebind() or close(); or an ICMP message, which a NAT does not pass on.
                            continue;
                        }
                        next.received(packet);
                        // Counted last, so that who sees the count also sees what became of the datagram.
                        datagrams.incrementAndGet();
                    }
                },
                threadName);
        thread.setDaemon(true);
        thread.start();
    }

    private static void send(DatagramSocket socket, byte[] bytes, SocketAddress to) {
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            // A datagram that cannot be sent is a lost one: UDP has no way to tell.
            return;
        }
    }

    private DatagramSocket neverUsedSocket() {
        for (; ; ) {
            DatagramSocket socket = newSocket();
            if (usedPorts.add(socket.getLocalPort())) {
                return socket;
            }
            socket.close();
        }
    }

    private static DatagramSocket newSocket() {
        try {
            return new DatagramSocket(new InetSocketAddress(ReservedPort.loopback(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException("no free UDP port on the loopback interface", e);
        }
    }

    @FunctionalInterface
    private interface Receiver {
        void received(DatagramPacket packet);
    }
}
