package io.lb4j.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Something that has a TCP port, and a UDP socket at the same address: where a server has both, and the system gives out one only.
 *
 * @param tcp what has the TCP port; to be closed by whom it was made for, as the socket is
 * @param udp bound
 */
public record PortPair<T extends AutoCloseable>(T tcp, DatagramSocket udp) {
    private static final int MOST_ATTEMPTS = 10;

    /**
     * Makes a pair. The UDP port may be taken, as by a client of a test beside this one: then another TCP port is chosen.
     *
     * @param made makes what has a TCP port that the system chooses
     * @param address where that is
     * @throws UncheckedIOException if it was taken ten times in a row
     */
    public static <T extends AutoCloseable> PortPair<T> bind(Supplier<T> made, Function<T, InetSocketAddress> address) {
        for (int attempt = 1; ; attempt++) {
            T tcp = made.get();
            try {
                return new PortPair<>(tcp, new DatagramSocket(address.apply(tcp)));
            } catch (IOException e) {
                close(tcp);
                if (attempt == MOST_ATTEMPTS || !(e instanceof BindException)) {
                    throw new UncheckedIOException("no UDP port beside a TCP port", e);
                }
            }
        }
    }

    private static void close(AutoCloseable tcp) {
        try {
            tcp.close();
        } catch (Exception e) {
            throw new IllegalStateException(tcp + " cannot be closed", e);
        }
    }
}
