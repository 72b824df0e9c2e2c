package io.lb4j.spi;

import io.lb4j.config.Prerequisite;
import io.lb4j.error.ProxyException;
import io.lb4j.model.Cluster;
import io.lb4j.model.Endpoint;
import io.lb4j.stats.ClusterStatistics;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A further protocol to speak with a cluster's endpoints: HTTP/3, for one. It makes connections; core pools them on each event loop, and turns
 * to TCP where they are not to be had. Immutable and thread-safe: a description, of which each {@link #open} makes one that connects.
 *
 * <p>Two that are equal do the same, so that an update which says the same in another object keeps the connections.
 */
public interface UpstreamTransport extends Prerequisite {
    /** Returns the protocol's name, {@code h3} for example. */
    String name();

    /** Nothing by default. */
    @Override
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * Gets ready to connect to a cluster's endpoints. Called on the control thread; may block.
     *
     * @throws RuntimeException if it does not take the cluster's settings; the message says which, and what was expected
     */
    Connector open(Context context);

    /** What a transport is given, for one cluster. Immutable. */
    interface Context {
        /** Returns the cluster as it is configured: name, timeouts, limits of its pool. */
        Cluster cluster();

        /** Returns how TLS is done with the endpoints; empty if it is not. */
        Optional<Tls> tls();

        /** Returns the event loops that connections will be asked for on. */
        List<EventLoop> eventLoops();

        /** Returns what makes TCP sockets for these event loops. */
        ChannelFactory<? extends SocketChannel> socketChannels();

        /** Returns what makes UDP sockets for these event loops. */
        ChannelFactory<? extends DatagramChannel> datagramChannels();

        /** Returns what resolves host names without blocking the event loop. */
        AddressResolverGroup<InetSocketAddress> resolver();
    }

    /**
     * What is asked of an endpoint's certificate, and what it is shown. Immutable.
     *
     * @param isVerified whether the certificate has to be trusted and made for the name; without, anyone can pose as the endpoint
     * @param authorities who may have issued it; empty for those whom the Java runtime trusts
     * @param serverName the name to ask for and to verify; empty for the endpoint's host
     * @param identity what to show to endpoints that ask for a certificate
     */
    record Tls(
            boolean isVerified,
            List<X509Certificate> authorities,
            Optional<String> serverName,
            Optional<Certificate> identity) {
        /** Copies what it is given. */
        public Tls {
            authorities = List.copyOf(authorities);
        }
    }

    /** Makes connections to one cluster's endpoints. Thread-safe. */
    interface Connector extends AutoCloseable {
        /**
         * Begins to connect; never blocks. Connections belong to the event loop they are asked for on.
         *
         * @param events hears of the connection once it stands
         * @param outcome is called once, on the loop, not before this call has returned
         */
        void connect(Endpoint endpoint, EventLoop loop, ClientConnection.Events events, Outcome outcome);

        /** Returns how many streams a connection is likely to take: what to reckon with while it is being made. */
        int expectedCapacity();

        /**
         * Returns whether an endpoint is to be connected to in this way at all; core asks before {@link #connect}, on event loops. Where it is not,
         * nothing is tried, and nothing counts as failed. By default every endpoint is.
         */
        default boolean serves(Endpoint endpoint) {
            return true;
        }

        /**
         * An endpoint has said in {@code Alt-Svc} where else it serves (RFC 7838), in a response that came in another way. Called on event loops;
         * must not block. Does nothing by default.
         *
         * @param value of the field
         * @return whether that is heeded: it was said to the balancer then, and does not go on to the client
         */
        default boolean onAltSvc(Endpoint endpoint, String value) {
            return false;
        }

        /**
         * Returns what it has counted, by names of its own; see {@link ClusterStatistics#transports}. Core adds {@code fallbacks}, connections that were made
         * in the next way instead, and {@code endpoints_left_out}, those to which this way is not tried now. Thread-safe.
         */
        default Map<String, Long> figures() {
            return Map.of();
        }

        /**
         * Makes no more connections: whoever asks for one nevertheless is told that it failed. Those that are open go on; what they share is
         * given back with the last of them. Never blocks.
         */
        @Override
        void close();
    }

    /** How an attempt to connect ended. */
    interface Outcome {
        /**
         * The connection is ready for requests; perhaps, for those that may be replayed, before it is known to lead anywhere: see
         * {@link ClientConnection#isHandshakeComplete}.
         */
        void onConnected(ClientConnection connection);

        /** There is no connection. */
        void onFailed(ProxyException reason);
    }
}
