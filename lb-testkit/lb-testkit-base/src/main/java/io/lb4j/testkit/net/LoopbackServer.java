package io.lb4j.testkit.net;

import io.lb4j.testkit.tls.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;

/**
 * Listens on a port of 127.0.0.1 that stays its own until {@link #close}, also while it does not listen, and gives each
 * connection a daemon thread. Thread-safe.
 */
public final class LoopbackServer implements AutoCloseable {
    private static final long BIND_PAUSE_NANOS = 20_000_000;
    private static final long ACCEPT_PAUSE_NANOS = 1_000_000;
    private static final int BACKLOG = 1024;
    private static final long JOIN_MILLIS = 5_000;

    private final Settings settings;
    private final Handler handler;
    private final ReservedPort port = ReservedPort.any();
    private final Changes changes = new Changes();
    private final Map<Socket, Thread> connections = new ConcurrentHashMap<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger failedHandshakes = new AtomicInteger();
    private Optional<Listening> listening = Optional.empty(); // guarded by this

    private LoopbackServer(Settings settings, Handler handler) {
        this.settings = settings;
        this.handler = handler;
    }

    /**
     * Starts to listen.
     *
     * @param settings name, TLS, buffers
     * @param handler serves one connection, on a thread of its own; the connection is closed when it returns or throws
     * @return listening
     * @throws UncheckedIOException if the system refuses
     */
    public static LoopbackServer start(Settings settings, Handler handler) {
        LoopbackServer server = new LoopbackServer(settings, handler);
        server.resumeListening();
        return server;
    }

    /**
     * Where it listens.
     *
     * @return the TCP port
     */
    public int port() {
        return port.port();
    }

    /**
     * Where it listens.
     *
     * @return 127.0.0.1 and the port
     */
    public InetSocketAddress address() {
        return port.address();
    }

    /** Refuses new connections from now on; the open ones go on. No effect if it does not listen. */
    public synchronized void stopListening() {
        listening.ifPresent(Listening::stop);
        listening = Optional.empty();
    }

    /**
     * Listens again, on the same port. No effect if it listens.
     *
     * @throws UncheckedIOException if the system refuses
     */
    public synchronized void resumeListening() {
        if (listening.isPresent()) {
            return;
        }
        try {
            ServerSocket socket = bind();
            Listening started = new Listening(socket, daemon("accept", () -> accept(socket)));
            started.thread().start();
            listening = Optional.of(started);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + port.address(), e);
        }
    }

    /** Binds, again and again for a while: somebody's connection may have been given the port as its own meanwhile. */
    private ServerSocket bind() throws IOException {
        long deadlineNanos = System.nanoTime() + Changes.DEFAULT_PATIENCE.toNanos();
        while (true) {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                if (settings.receiveBufferBytes() > 0) {
                    socket.setReceiveBufferSize(settings.receiveBufferBytes());
                }
                socket.bind(port.address(), BACKLOG);
                return socket;
            } catch (BindException e) {
                socket.close();
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw e;
                }
                LockSupport.parkNanos(BIND_PAUSE_NANOS);
            }
        }
    }

    /**
     * The counts at this moment.
     *
     * @return a snapshot
     */
    public Connections connections() {
        // Open before accepted: a connection that arrives between the two must not count as closed below zero.
        int open = connections.size();
        return new Connections(accepted.get(), open, failedHandshakes.get());
    }

    /**
     * Waits until the counts are as wanted, up to thirty seconds.
     *
     * @param wanted looks at each new snapshot
     * @return the snapshot that was accepted
     * @throws WireFailure if none is in time
     */
    public Connections awaitConnections(Predicate<Connections> wanted) {
        return changes.await(
                "the wanted count of connections of " + settings.name(),
                () -> Optional.of(connections()).filter(wanted));
    }

    /** Closes all open connections with a FIN (with an RST where unread bytes wait: so TCP has it). */
    public void closeConnections() {
        connections.keySet().forEach(socket -> Wire.plain(socket).close());
    }

    /** Closes all open connections with an RST. */
    public void resetConnections() {
        connections.keySet().forEach(LoopbackServer::reset);
    }

    /** Stops listening, resets what is open, waits for its threads, and gives the port back. */
    @Override
    public void close() {
        stopListening();
        List<Thread> threads = List.copyOf(connections.values());
        resetConnections();
        threads.forEach(Thread::interrupt);
        threads.forEach(LoopbackServer::join);
        port.close();
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                int number = accepted.incrementAndGet();
                Thread thread = daemon("connection-" + number, () -> serve(connection, number));
                connections.put(connection, thread);
                changes.happened();
                thread.start();
            } catch (IOException e) {
                // stopListening() has closed the socket, or this one connection was gone before it was taken: the
                // others are not to wait for ever.
                LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
            }
        }
    }

    private void serve(Socket connection, int number) {
        try {
            connection.setTcpNoDelay(true);
            Wire wire = secure(connection);
            try (wire) {
                handler.serve(wire, number);
            }
        } catch (IOException e) {
            // The peer went away: the counts show it, and what it sent until then has been recorded.
            return;
        } catch (InterruptedException e) {
            // close() asks this thread to end, which it does now.
            Thread.currentThread().interrupt();
        } finally {
            Wire.plain(connection).close();
            connections.remove(connection);
            changes.happened();
        }
    }

    private Wire secure(Socket connection) throws IOException {
        if (settings.tls().isEmpty()) {
            return Wire.plain(connection);
        }
        try {
            SSLSocket secured = settings.tls().get().secure(connection);
            return Wire.secured(connection, secured);
        } catch (IOException e) {
            failedHandshakes.incrementAndGet();
            throw e;
        }
    }

    private Thread daemon(String role, Runnable work) {
        Thread thread = new Thread(work, settings.name() + "-" + port() + "-" + role);
        thread.setDaemon(true);
        return thread;
    }

    private static void reset(Socket connection) {
        try {
            Wire.plain(connection).abort();
        } catch (IOException e) {
            // Closed by the other side in the meantime, which is what was wanted.
            Wire.plain(connection).close();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Listening(ServerSocket socket, Thread thread) {
        void stop() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot stop listening", e);
            }
            join(thread);
        }
    }

    /** Serves one connection. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Serves until the connection shall end.
         *
         * @param wire after the TLS handshake, if any; without read timeout
         * @param number of the connection, from 1
         * @throws IOException if the peer has gone
         * @throws InterruptedException when the server closes
         */
        void serve(Wire wire, int number) throws IOException, InterruptedException;
    }

    /**
     * What a server of the kit is made of.
     *
     * @param name begins the names of its threads
     * @param tls empty for plain TCP
     * @param receiveBufferBytes SO_RCVBUF of each connection; zero leaves it to the system
     */
    public record Settings(String name, Optional<ServerTls> tls, int receiveBufferBytes) {}
}
