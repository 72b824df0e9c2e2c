package io.lb4j.testkit.net;

import io.lb4j.testkit.tls.ClientTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach a server: where, from where, over what. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: 127.0.0.1, any local address, no TLS, a read timeout of 30 seconds, the system's receive buffer.
 */
public final class Dial {
    private static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(30);

    private final InetSocketAddress remote;
    private final Tuning tuning;
    private final Optional<ClientTls> tls;

    private Dial(InetSocketAddress remote, Tuning tuning, Optional<ClientTls> tls) {
        this.remote = remote;
        this.tuning = tuning;
        this.tls = tls;
    }

    /**
     * To a port of 127.0.0.1.
     *
     * @param port the TCP port
     * @return with defaults
     */
    public static Dial to(int port) {
        return to(new InetSocketAddress(ReservedPort.loopback(), port));
    }

    /**
     * To any address.
     *
     * @param remote a resolved address
     * @return with defaults
     */
    public static Dial to(InetSocketAddress remote) {
        return new Dial(remote, new Tuning(Optional.empty(), 0, DEFAULT_READ_TIMEOUT), Optional.empty());
    }

    /**
     * Default: the system chooses. The address to dial from; on Linux the whole of 127.0.0.0/8 may be used, so that a
     * test can be many clients.
     *
     * @param address an IP address of this host
     * @return a changed copy
     */
    public Dial from(String address) {
        return tuned(new Tuning(Optional.of(address), tuning.receiveBufferBytes, tuning.readTimeout));
    }

    /**
     * Default: the system's. SO_RCVBUF: a small one makes a slow reader felt early.
     *
     * @param bytes more than zero; the kernel doubles and rounds it
     * @return a changed copy
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public Dial receiveBuffer(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("receiveBuffer: " + bytes + " (expected: > 0)");
        }
        return tuned(new Tuning(tuning.localAddress, bytes, tuning.readTimeout));
    }

    /**
     * Default: 30 seconds. How long any single wait for bytes may take before the test fails.
     *
     * @param timeout more than zero
     * @return a changed copy
     */
    public Dial readTimeout(Duration timeout) {
        return tuned(new Tuning(tuning.localAddress, tuning.receiveBufferBytes, timeout));
    }

    /**
     * Default: plain TCP. TLS over the connection.
     *
     * @param settings of the client's side
     * @return a changed copy
     */
    public Dial tls(ClientTls settings) {
        return new Dial(remote, tuning, Optional.of(settings));
    }

    /**
     * Connects, and does the handshake if TLS is set.
     *
     * @return an open connection; the caller closes it
     * @throws UncheckedIOException if the peer refuses the connection or the handshake
     */
    public Wire open() {
        Socket socket = new Socket();
        try {
            if (tuning.receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(tuning.receiveBufferBytes);
            }
            if (tuning.localAddress.isPresent()) {
                socket.bind(new InetSocketAddress(tuning.localAddress.get(), 0));
            }
            int timeoutMillis = Math.toIntExact(tuning.readTimeout.toMillis());
            socket.connect(remote, timeoutMillis);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis);
            return tls.isPresent() ? Wire.secured(socket, tls.get().secure(socket)) : Wire.plain(socket);
        } catch (IOException e) {
            closeAfter(socket, e);
            throw new UncheckedIOException("cannot connect to " + remote, e);
        }
    }

    private Dial tuned(Tuning changed) {
        return new Dial(remote, changed, tls);
    }

    private static void closeAfter(Socket socket, IOException failure) {
        try {
            socket.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** A zero for {@code receiveBufferBytes} leaves it to the system. */
    private record Tuning(Optional<String> localAddress, int receiveBufferBytes, Duration readTimeout) {}
}
