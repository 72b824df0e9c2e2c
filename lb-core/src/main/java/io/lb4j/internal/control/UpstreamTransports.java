package io.lb4j.internal.control;

import io.lb4j.config.Part;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.internal.upstream.FallbackConnector;
import io.lb4j.internal.upstream.HttpConnector;
import io.lb4j.internal.upstream.TransportConnector;
import io.lb4j.model.Cluster;
import io.lb4j.model.UpstreamTls;
import io.lb4j.spi.UpstreamTransport;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Puts a cluster's further transports before its connections over TCP, in the order of preference. */
final class UpstreamTransports {
    private UpstreamTransports() {}

    /** What makes the connections of a transport what they are. */
    private record Kind(Part transport, Optional<UpstreamTls> tls) {}

    /** What a transport is given. */
    private record Given(
            Cluster cluster, Optional<UpstreamTransport.Tls> tls, List<EventLoop> eventLoops, ControlContext control)
            implements UpstreamTransport.Context {
        @Override
        public ChannelFactory<? extends SocketChannel> socketChannels() {
            return control.edge().sockets();
        }

        @Override
        public ChannelFactory<? extends DatagramChannel> datagramChannels() {
            return control.edge().datagrams();
        }

        @Override
        public AddressResolverGroup<InetSocketAddress> resolver() {
            return control.network().resolver();
        }
    }

    /**
     * Returns what makes a cluster's connections.
     *
     * @throws RuntimeException if a transport does not take the cluster's settings; nothing is left open
     */
    static Connector over(
            HttpConnector tcp, Cluster cluster, Optional<UpstreamTransport.Tls> tls, ControlContext control) {
        if (cluster.proxyProtocol().isPresent()) {
            return tcp.namingClients(cluster.proxyProtocol().get());
        }
        List<EventLoop> loops =
                control.loops().stream().map(LoopContext::eventLoop).toList();
        UpstreamTransport.Context given = new Given(cluster, tls, loops, control);
        FallbackConnector.Times times = new FallbackConnector.Times(
                cluster.transportHeadStart().toNanos(),
                cluster.connectTimeout().plus(cluster.tlsHandshakeTimeout()).toNanos(),
                cluster.transportRetryAfter().toNanos());
        Connector connector = tcp;
        List<Part> leastPreferredFirst = new ArrayList<>(cluster.transports());
        Collections.reverse(leastPreferredFirst);
        try {
            for (Part part : leastPreferredFirst) {
                UpstreamTransport transport = part.create(UpstreamTransport.class);
                TransportConnector preferred =
                        new TransportConnector(transport.name(), transport.open(given), new Kind(part, cluster.tls()));
                connector = new FallbackConnector(preferred, connector, times, control.clock());
            }
            return connector;
        } catch (RuntimeException e) {
            connector.close();
            throw e;
        }
    }
}
