package io.lb4j.testkit.net;

import io.lb4j.testkit.tls.TlsFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * One open TCP connection, with or without TLS: what every client and server of the kit reads from and writes to.
 * One thread may read while another writes; closing is safe from any thread.
 */
public final class Wire implements AutoCloseable {
    private final Socket transport;
    private final Socket socket;
    private final Optional<TlsFacts> tls;

    private Wire(Socket transport, Socket socket, Optional<TlsFacts> tls) {
        this.transport = transport;
        this.socket = socket;
        this.tls = tls;
    }

    /**
     * A connection without TLS.
     *
     * @param socket connected
     * @return owns the socket
     */
    public static Wire plain(Socket socket) {
        return new Wire(socket, socket, Optional.empty());
    }

    /**
     * A connection with TLS.
     *
     * @param transport the connected socket below
     * @param socket the TLS socket over it, its handshake done
     * @return owns both sockets
     */
    public static Wire secured(Socket transport, SSLSocket socket) {
        return new Wire(transport, socket, Optional.of(TlsFacts.of(socket)));
    }

    /**
     * Where the peer's bytes come from. Reads fail with {@link SocketTimeoutException} after the read timeout.
     *
     * @return the same stream each time
     * @throws IOException if the connection is closed
     */
    public InputStream input() throws IOException {
        return socket.getInputStream();
    }

    /**
     * Where bytes to the peer go, unbuffered: each write is sent at once.
     *
     * @return the same stream each time
     * @throws IOException if the connection is closed
     */
    public OutputStream output() throws IOException {
        return socket.getOutputStream();
    }

    /**
     * Changes how long a single read may wait.
     *
     * @param timeout zero waits for ever
     * @throws IOException if the connection is closed
     */
    public void readTimeout(Duration timeout) throws IOException {
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    }

    /**
     * How long a single read may wait.
     *
     * @return zero waits for ever
     * @throws IOException if the connection is closed
     */
    public Duration readTimeout() throws IOException {
        return Duration.ofMillis(socket.getSoTimeout());
    }

    /**
     * Whether the kernel holds bytes from the peer that have not been read; with TLS they may be no application data.
     *
     * @return true if at least one byte waits
     * @throws IOException if the connection is closed
     */
    public boolean hasBytesWaiting() throws IOException {
        return transport.getInputStream().available() > 0;
    }

    /**
     * What the handshake agreed on.
     *
     * @return empty without TLS
     */
    public Optional<TlsFacts> tls() {
        return tls;
    }

    /**
     * This end's address.
     *
     * @return address and port
     */
    public InetSocketAddress local() {
        return (InetSocketAddress) transport.getLocalSocketAddress();
    }

    /**
     * The other end's address.
     *
     * @return address and port
     */
    public InetSocketAddress remote() {
        return (InetSocketAddress) transport.getRemoteSocketAddress();
    }

    /**
     * Closes the sending direction only: a FIN, with TLS a close_notify before it.
     *
     * @throws IOException if the connection is closed
     */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
        if (transport != socket && !transport.isOutputShutdown() && !transport.isClosed()) {
            transport.shutdownOutput();
        }
    }

    /**
     * Closes with an RST (SO_LINGER 0): bytes not yet sent are lost, and the peer's next read or write fails.
     *
     * @throws IOException if the system refuses
     */
    public void abort() throws IOException {
        if (!transport.isClosed()) {
            transport.setSoLinger(true, 0);
            transport.close();
        }
    }

    /** Closes both directions in the orderly way. A peer that is gone already is no error. */
    @Override
    public void close() {
        closeQuietly(socket);
        closeQuietly(transport);
    }

    private static void closeQuietly(Socket open) {
        try {
            open.close();
        } catch (IOException e) {
            // The peer may have reset the connection first: the descriptor is released all the same.
            return;
        }
    }
}
