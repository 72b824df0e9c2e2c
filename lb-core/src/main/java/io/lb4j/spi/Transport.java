package io.lb4j.spi;

import io.lb4j.exchange.ConnectionInfo;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Function;

/**
 * A listener's further protocol, beside HTTP/1.1 and HTTP/2: HTTP/3, for one. It binds sockets of its own, borrows the balancer's event loops
 * and submits what it reads. Thread-safe.
 */
public interface Transport {
    /** Returns the protocol's name, {@code h3} for example. */
    String name();

    /**
     * Binds and begins to serve.
     *
     * @throws IOException if it cannot be bound; nothing is left open
     */
    Binding bind(Context context) throws IOException;

    /** What a transport is given. */
    interface Context {
        /** Returns the listener's name. */
        String listener();

        /** Returns the address to bind: that of the listener's TCP socket. */
        SocketAddress address();

        /** Returns the event loops to share sockets and work among. */
        List<EventLoop> eventLoops();

        /** Returns what makes, for each new connection, the end to submit its requests to. */
        Function<ConnectionInfo, RequestReceiver> receivers();

        /** Returns the listener's certificates. */
        CertificateSource certificates();
    }

    /** A transport that serves. */
    interface Binding extends AutoCloseable {
        /** Returns what to put in {@code Alt-Svc} on the listener's other protocols (RFC 7838); empty for nothing. */
        String altSvc();

        /** Takes no new connections and says goodbye to those that are open. */
        void drain();

        /** Closes everything and returns when it is closed. */
        @Override
        void close();
    }
}
