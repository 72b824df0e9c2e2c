package io.lb4j.spi;

import io.lb4j.config.Prerequisite;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.model.Listener;
import io.lb4j.stats.TransportStatistics;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A listener's further protocol, beside HTTP/1.1 and HTTP/2: HTTP/3, for one. It binds sockets of its own, borrows the balancer's event loops
 * and submits what it reads; routes, plugins, limits and books are the listener's own. Immutable and thread-safe: a description, of which
 * each {@link #bind} makes one that serves.
 *
 * <p>Two that are equal do the same, so that an update which says the same in another object keeps what is bound.
 *
 * <p>What it needs of the machine, a native library for one, it says as a {@link Prerequisite}: the configuration then names it as a fault.
 */
public interface Transport extends Prerequisite {
    /** Returns the protocol's name, {@code h3} for example; one listener has a name once. */
    String name();

    /** Nothing by default. */
    @Override
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * Binds; serves once it is told to {@linkplain Binding#begin begin}. Called on the control thread; may block.
     *
     * @throws IOException if it cannot be bound; nothing is left open
     */
    Binding bind(Context context) throws IOException;

    /**
     * Binds while a former one of the same name is bound yet, perhaps on the same port, so that a change of options refuses nobody: the new binding serves who comes from when it is
     * told to {@linkplain Binding#begin begin}, and the former goes on with the connections that it has. It is told to {@linkplain Binding#drain drain} then, and closed when it has or when its time is up.
     * Where the configuration fails before, the new binding is closed, and the former goes on as if there had never been another; until it begins, everything that
     * comes is the former's. Called on the control thread; may block.
     *
     * <p>By default it cannot: then the former is told to drain, has two seconds for that, and is closed before {@link #bind} is called.
     *
     * @param former what bound it, or one that was equal in name alone; may be draining, or even be closed meanwhile
     * @return empty if it cannot be bound beside the former
     * @throws IOException if it could, but was not; nothing is left open, and the former is as it was
     */
    default Optional<Binding> bindBeside(Context context, Binding former) throws IOException {
        return Optional.empty();
    }

    /** What a transport is given, for one listener. Thread-safe. */
    interface Context {
        /** Returns the listener as it is configured now: name, limits, timeouts. Another one after an update that keeps the transport. */
        Listener listener();

        /** Returns the address to bind: that of the listener's TCP socket, with the port that it has. */
        InetSocketAddress address();

        /** Returns the event loops to share sockets and work among; the position of each is its number. */
        List<EventLoop> eventLoops();

        /** Returns what makes UDP sockets for these event loops: of epoll, kqueue, io_uring or NIO. */
        ChannelFactory<? extends DatagramChannel> datagramChannels();

        /** Returns the listener's TLS; empty on a plain listener. */
        Optional<TransportTls> tls();

        /**
         * Asks whether one more connection may be taken: the limits of the listener hold for all its protocols together. Called on the event
         * loop that the connection will belong to. One that is refused is counted.
         *
         * @param client where it comes from
         * @return is released when the connection has ended; empty if it may not be taken
         */
        Optional<Admission> admit(SocketAddress client, EventLoop loop);

        /** Returns a number for a new connection, unique in this process. */
        long newConnectionId();

        /**
         * Makes the end to submit a connection's requests to. Called once for each connection, on its event loop, to which everything about
         * it is confined: all {@link ServerStream}s of the connection are on that loop. It is told when the connection has ended.
         */
        RequestReceiver receiver(ConnectionInfo connection, EventLoop loop);

        /**
         * Runs an action when the present turn of an event loop is over: when all that was ready has been read, and all that it brought
         * about has been written. The moment to flush. Called on that loop.
         */
        void afterTurn(EventLoop loop, Runnable action);
    }

    /** A connection that was admitted. */
    @FunctionalInterface
    interface Admission {
        /** Says that the connection has ended; to be called once, on its event loop. */
        void release();
    }

    /** A transport that serves. Thread-safe. */
    interface Binding {
        /**
         * Begins to take connections. Called once, on the control thread, when the configuration is in force that it was bound for: until then {@link Context#admit} may refuse
         * everybody, and clients that come early are best left to wait. Never called where that configuration fails. Nothing by default.
         */
        default void begin() {
            // for one that lets nobody wait
        }

        /**
         * Returns what to put in {@code Alt-Svc} on the listener's other protocols (RFC 7838): {@code h3=":8443"}, without a maximum age, which
         * core adds. Empty for nothing.
         */
        String altSvc();

        /**
         * Takes no new connections, says goodbye to those that are open, and lets what is under way end. May be called again, by who waits for the same.
         *
         * @return completes when no connection is left
         */
        CompletionStage<?> drain();

        /**
         * Closes everything at once. Idempotent; never blocks.
         *
         * @return completes when everything is closed
         */
        CompletionStage<?> close();

        /** Returns what keeps it from serving as it should; empty while it is well. */
        default Optional<String> trouble() {
            return Optional.empty();
        }

        /** Returns what it has counted, by names of its own; see {@link TransportStatistics#figures}. */
        default Map<String, Long> figures() {
            return Map.of();
        }
    }
}
