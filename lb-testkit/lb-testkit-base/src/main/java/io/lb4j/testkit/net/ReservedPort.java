package io.lb4j.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A loopback TCP port that nobody else gets while this is open, and where no one answers until the test listens.
 *
 * <p>The port is bound with SO_REUSEADDR but never listens. Linux then lets any other socket with SO_REUSEADDR, of this
 * or another process, bind and listen there (all usual servers set it), gives the port to no one who asks for
 * port 0, and refuses connections while no one listens. So a server can be stopped and started on the same port, and a
 * child process can be given a port, without a race.
 */
public final class ReservedPort implements AutoCloseable {
    private final Socket placeholder;

    private ReservedPort(Socket placeholder) {
        this.placeholder = placeholder;
    }

    /**
     * Reserves a port that the system chooses.
     *
     * @return an open reservation
     * @throws UncheckedIOException if the system has no port left
     */
    public static ReservedPort any() {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), 0));
            return new ReservedPort(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback interface", e);
        }
    }

    /**
     * The number of the port.
     *
     * @return above 0
     */
    public int port() {
        return placeholder.getLocalPort();
    }

    /**
     * The address to listen on.
     *
     * @return 127.0.0.1 and the port
     */
    public InetSocketAddress address() {
        return new InetSocketAddress(loopback(), port());
    }

    /** Gives the port back. Who listens there is not disturbed. */
    @Override
    public void close() {
        try {
            placeholder.close();
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port() + " cannot be given back", e);
        }
    }

    static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException e) {
            throw new UncheckedIOException("four bytes are an IPv4 address", e);
        }
    }
}
