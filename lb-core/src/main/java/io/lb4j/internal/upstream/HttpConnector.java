package io.lb4j.internal.upstream;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.Version;
import io.lb4j.internal.codec.http1.Http1ClientConnection;
import io.lb4j.internal.codec.http1.Http1Limits;
import io.lb4j.internal.codec.http2.Http2ClientConnection;
import io.lb4j.internal.codec.http2.Http2Limits;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.loop.ReadBuffers;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.internal.tls.ClientTls;
import io.lb4j.model.Endpoint;
import io.lb4j.model.ProxyProtocol;
import io.lb4j.spi.ClientConnection;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connects to endpoints over TCP, with TLS where it is asked for, and speaks HTTP/1.1 or HTTP/2. Immutable. */
public final class HttpConnector implements Connector {
    private static final int LOW_WATER_MARK = 24 * 1024;
    private static final int HIGH_WATER_MARK = 48 * 1024;
    private static final ReadBuffers READ_BUFFERS = new ReadBuffers();

    private final Network network;
    private final Protocol protocol;
    private final Optional<ClientTls> tls;
    private final Settings settings;
    private final Optional<ProxyPrelude> prelude;
    private final Http1Limits http1 = Http1Limits.defaults();
    private final Http2Limits http2;

    /** Which protocol is spoken with a cluster. */
    public enum Protocol {
        /** HTTP/1.1. */
        HTTP_1,
        /** HTTP/2: by ALPN over TLS, by prior knowledge without. */
        HTTP_2,
        /** HTTP/2 where ALPN agrees on it, HTTP/1.1 otherwise. */
        AUTO
    }

    /**
     * What sockets are made of.
     *
     * @param channels makes sockets of the transport in use
     * @param resolver resolves host names without blocking the loop
     */
    public record Network(
            ChannelFactory<? extends Channel> channels, AddressResolverGroup<InetSocketAddress> resolver) {}

    /**
     * How a cluster is connected to.
     *
     * @param protocol which protocol is spoken
     * @param tls secures connections, where that is asked for
     * @param times how long to wait for what
     * @param maxStreams the most streams on a connection of HTTP/2, if the endpoint allows as many
     */
    public record Settings(Protocol protocol, Optional<ClientTls> tls, Times times, int maxStreams) {
        /** Returns the same for HTTP/1.1 alone. */
        Settings forHttp1() {
            return new Settings(Protocol.HTTP_1, tls.map(ClientTls::forHttp1), times, maxStreams);
        }
    }

    /**
     * How long to wait, in nanoseconds.
     *
     * @param connectNanos until the TCP connection stands
     * @param handshakeNanos until the TLS handshake is over
     */
    public record Times(long connectNanos, long handshakeNanos) {}

    /** Creates a connector. */
    public HttpConnector(Network network, Settings settings) {
        this(network, settings, Optional.empty());
    }

    private HttpConnector(Network network, Settings settings, Optional<ProxyPrelude> prelude) {
        this.prelude = prelude;
        this.network = network;
        this.settings = settings;
        this.protocol = settings.protocol();
        this.tls = settings.tls();
        Http2Limits.Streams streams = Http2Limits.Streams.defaults();
        http2 = Http2Limits.defaults()
                .with(new Http2Limits.Streams(
                        settings.maxStreams(), streams.queueHighOctets(), streams.queueLowOctets()));
    }

    @Override
    public Optional<Connector> forHttp1() {
        return protocol == Protocol.AUTO
                ? Optional.of(new HttpConnector(network, settings.forHttp1(), prelude))
                : Optional.empty();
    }

    /** Returns the same connector, whose connections begin with a PROXY protocol header. */
    public HttpConnector namingClients(ProxyProtocol version) {
        return new HttpConnector(network, settings, Optional.of(ProxyPrelude.ofOurOwn(version)));
    }

    @Override
    public boolean namesClients() {
        return prelude.isPresent();
    }

    @Override
    public Connector forClient(ConnectionInfo client) {
        return prelude.isEmpty()
                ? this
                : new HttpConnector(network, settings, Optional.of(prelude.get().forClient(client)));
    }

    @Override
    public boolean connectsLike(Connector other) {
        return other instanceof HttpConnector connector
                && protocol == connector.protocol
                && tls.equals(connector.tls)
                && saysFirstWhat(connector);
    }

    private boolean saysFirstWhat(HttpConnector other) {
        if (prelude.isEmpty() || other.prelude.isEmpty()) {
            return prelude.isEmpty() && other.prelude.isEmpty();
        }
        return prelude.get().saysTheSameAs(other.prelude.get());
    }

    @Override
    public int expectedCapacity() {
        return protocol == Protocol.HTTP_1 ? 1 : settings.maxStreams();
    }

    @Override
    public void connect(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome) {
        Dial dial = new Dial(endpoint, loop, events, outcome);
        // Only when all is dealt with that the selector has told in this turn. It tells of descriptors by number: a new
        // socket may have the number of one closed a moment ago, and would hear of that one's end as its own.
        // The configuration may be replaced meanwhile: what TLS takes is held until it is used.
        boolean isInUse = tls.isEmpty() || tls.get().tryHold();
        loop.eventLoop().execute(isInUse ? dial::begin : dial::giveUp);
    }

    private static InetSocketAddress addressOf(Endpoint endpoint) {
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
        if (octets == null) {
            return InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), endpoint.port());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of 4 or 16 octets is always good", impossible);
        }
    }

    /** Hears of what the handshake's future tells already, as long as there is no codec. */
    private static final class HandshakeErrors extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // The handshake has failed, or the connection will be closed: the attempt's outcome says why.
        }
    }

    /** One attempt to connect. Confined to the loop. */
    private final class Dial {
        private final Endpoint endpoint;
        private final LoopContext loop;
        private final ClientConnection.Events events;
        private final Outcome outcome;

        Dial(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome) {
            this.endpoint = endpoint;
            this.loop = loop;
            this.events = events;
            this.outcome = outcome;
        }

        void begin() {
            new Bootstrap()
                    .group(loop.eventLoop())
                    .channelFactory(network.channels())
                    .resolver(network.resolver())
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, READ_BUFFERS)
                    .option(
                            ChannelOption.WRITE_BUFFER_WATER_MARK,
                            new WriteBufferWaterMark(LOW_WATER_MARK, HIGH_WATER_MARK))
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                            TimeUnit.NANOSECONDS.toMillis(settings.times().connectNanos()))
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            // Handlers come when the connection stands: only then is it known which.
                        }
                    })
                    .connect(addressOf(endpoint))
                    .addListener((ChannelFuture connected) -> onTcp(connected));
        }

        void giveUp() {
            outcome.onFailed(new ProxyException(
                    Kind.DRAINED,
                    Delivery.UNPROCESSED,
                    endpoint.address() + ": the cluster is configured otherwise now",
                    null));
        }

        private void onTcp(ChannelFuture connected) {
            if (!connected.isSuccess()) {
                tls.ifPresent(ClientTls::release);
                outcome.onFailed(failureOf(connected.cause()));
                return;
            }
            Channel channel = connected.channel();
            prelude.ifPresent(header -> channel.writeAndFlush(header.write(channel.alloc())));
            if (tls.isPresent()) {
                secure(channel, tls.get());
            } else {
                speak(channel, protocol == Protocol.HTTP_2 ? Version.HTTP_2 : Version.HTTP_1_1);
            }
        }

        private void secure(Channel channel, ClientTls held) {
            SslHandler handler;
            try {
                handler = held.handler(channel.alloc(), endpoint.name(), endpoint.port());
            } finally {
                held.release();
            }
            handler.setHandshakeTimeoutMillis(
                    TimeUnit.NANOSECONDS.toMillis(settings.times().handshakeNanos()));
            handler.handshakeFuture().addListener(handshake -> {
                if (handshake.isSuccess()) {
                    onTls(channel, handler.applicationProtocol());
                } else {
                    channel.close();
                    boolean isLate = handshake.cause() instanceof SslHandshakeTimeoutException;
                    outcome.onFailed(failure(isLate ? Kind.CONNECT_TIMEOUT : Kind.TLS_FAILED, handshake.cause()));
                }
            });
            channel.pipeline().addLast(handler, new HandshakeErrors());
        }

        private void onTls(Channel channel, @Nullable String agreed) {
            channel.pipeline().remove(HandshakeErrors.class);
            boolean http2 = ApplicationProtocolNames.HTTP_2.equals(agreed);
            if (protocol == Protocol.HTTP_2 && !http2) {
                channel.close();
                outcome.onFailed(new ProxyException(
                        Kind.TLS_FAILED,
                        Delivery.UNPROCESSED,
                        endpoint.address() + ": protocol: " + agreed + " (expected: h2)",
                        null));
                return;
            }
            speak(channel, http2 ? Version.HTTP_2 : Version.HTTP_1_1);
        }

        private void speak(Channel channel, Version version) {
            if (version == Version.HTTP_2) {
                // Streams end their halves themselves: a peer that ends its half of the connection ends all of them.
                channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
                channel.pipeline()
                        .addLast(new Http2ClientConnection(
                                loop, new Greeting(events, outcome, endpoint.address()), http2));
            } else {
                Http1ClientConnection connection = new Http1ClientConnection(loop, events, http1);
                channel.pipeline().addLast(connection);
                outcome.onConnected(connection);
            }
        }

        private ProxyException failureOf(Throwable cause) {
            if (cause instanceof ConnectTimeoutException) {
                return failure(Kind.CONNECT_TIMEOUT, cause);
            }
            return failure(cause instanceof UnknownHostException ? Kind.RESOLVE_FAILED : Kind.CONNECT_FAILED, cause);
        }

        private ProxyException failure(Kind kind, Throwable cause) {
            return new ProxyException(
                    kind, Delivery.UNPROCESSED, endpoint.address() + ": " + cause.getMessage(), cause);
        }
    }
}
