package io.lb4j.http3;

import io.lb4j.config.Settings;
import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.UpstreamTransport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelBootstrap;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes HTTP/3 connections to one cluster's endpoints; each has a socket of its own, which is closed with it. Thread-safe. */
final class Http3Connector implements UpstreamTransport.Connector {
    private final UpstreamTransport.Context context;
    private final Settings settings;
    private final UpstreamPlan plan;
    private final Qlog qlog;
    private final EndpointTls tls;
    private final Alternatives alternatives = new Alternatives(System::nanoTime);
    private volatile boolean closed;

    Http3Connector(UpstreamTransport.Context context, Settings settings, EndpointTls tls) {
        this.context = context;
        this.settings = settings;
        qlog = new Qlog(
                settings,
                Http3UpstreamOptions.QLOG,
                Http3UpstreamOptions.QLOG_CONNECTIONS,
                "cluster " + context.cluster().name());
        plan = new UpstreamPlan(settings, new Figures(), new OpenMeters(), new EarlyRequests(System::nanoTime));
        this.tls = tls;
    }

    @Override
    public void connect(
            Endpoint endpoint, EventLoop loop, ClientConnection.Events events, UpstreamTransport.Outcome outcome) {
        loop.execute(() -> {
            if (closed) {
                fail(outcome, Kind.CONNECT_FAILED, endpoint, "the cluster makes no more connections", null);
                return;
            }
            int port = asksOnlyAdvertised() ? alternatives.port(endpoint).orElse(endpoint.port()) : endpoint.port();
            context.resolver()
                    .getResolver(loop)
                    .resolve(InetSocketAddress.createUnresolved(endpoint.host(), port))
                    .addListener((Future<InetSocketAddress> resolved) -> {
                        if (resolved.isSuccess()) {
                            dial(endpoint, resolved.getNow(), loop, new Attempt(events, outcome));
                        } else {
                            fail(outcome, Kind.RESOLVE_FAILED, endpoint, "cannot be resolved", resolved.cause());
                        }
                    });
        });
    }

    private record Attempt(ClientConnection.Events events, UpstreamTransport.Outcome outcome) {}

    private void dial(Endpoint endpoint, InetSocketAddress address, EventLoop loop, Attempt attempt) {
        DatagramChannel socket = context.datagramChannels().newChannel();
        ManyPackets.receive(socket);
        socket.pipeline()
                .addLast(
                        ManyPackets.send(socket, loop, settings.value(Http3UpstreamOptions.GSO), plan.figures()),
                        codec(endpoint, socket),
                        Unheard.FAILURES);
        loop.register(socket)
                .addListener((ChannelFuture registered) -> socket.bind(new InetSocketAddress(0))
                        .addListener((ChannelFuture bound) -> {
                            if (!bound.isSuccess()) {
                                socket.close();
                                fail(attempt.outcome(), Kind.CONNECT_FAILED, endpoint, "no socket", bound.cause());
                                return;
                            }
                            handshake(endpoint, address, socket, attempt);
                        }));
    }

    private ChannelHandler codec(Endpoint endpoint, DatagramChannel socket) {
        long streamWindow = settings.value(Http3UpstreamOptions.INITIAL_MAX_STREAM_DATA);
        QuicClientCodecBuilder builder = new QuicClientCodecBuilder();
        if (settings.value(Http3UpstreamOptions.ENABLE_DATAGRAMS)) {
            builder.datagram(DatagramPort.QUEUE, DatagramPort.QUEUE);
        }
        PacketSize.discover(builder, socket, settings.value(Http3UpstreamOptions.MAX_PACKET_SIZE));
        return builder.sslEngineProvider(channel -> tls.newEngine(channel.alloc(), endpoint))
                .maxIdleTimeout(
                        settings.value(Http3UpstreamOptions.MAX_IDLE_TIMEOUT).toMillis(), TimeUnit.MILLISECONDS)
                .maxRecvUdpPayloadSize(ManyPackets.PACKET_OCTETS)
                .initialMaxData(Math.max(streamWindow, settings.value(Http3UpstreamOptions.INITIAL_MAX_DATA)))
                .initialMaxStreamDataBidirectionalLocal(streamWindow)
                .initialMaxStreamDataUnidirectional(65_536)
                .initialMaxStreamsUnidirectional(16)
                .congestionControlAlgorithm(QuicCongestionControlAlgorithm.valueOf(
                        settings.value(Http3UpstreamOptions.CONGESTION_CONTROL).name()))
                .activeMigration(false)
                // Each connection has a socket of its own, and needs no id to be found by: so a stateless reset, which
                // has none, finds it too.
                .localConnectionIdLength(0)
                .build();
    }

    private void handshake(Endpoint endpoint, InetSocketAddress address, Channel socket, Attempt attempt) {
        Http3ClientConnection connection = new Http3ClientConnection(socket, endpoint, attempt.events(), plan);
        connection.onEarlyData(() -> hand(connection, endpoint, attempt.outcome()));
        int timeoutMillis = (int)
                Math.min(Integer.MAX_VALUE, context.cluster().connectTimeout().toMillis());
        QuicChannelBootstrap bootstrap = QuicChannel.newBootstrap(socket);
        qlog.next().ifPresent(log -> bootstrap.option(QuicChannelOption.QLOG, log));
        bootstrap
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(connection.setup())
                .remoteAddress(address)
                .connect()
                .addListener((Future<QuicChannel> connected) -> {
                    if (!connected.isSuccess()) {
                        socket.close();
                        onHandshakeFailed(connection, attempt.outcome(), connected.cause());
                    } else {
                        // A turn later, for the codec hears only now how many streams the endpoint grants.
                        socket.eventLoop().execute(() -> onHandshakeDone(connection, endpoint, attempt.outcome()));
                    }
                });
    }

    private void onHandshakeDone(
            Http3ClientConnection connection, Endpoint endpoint, UpstreamTransport.Outcome outcome) {
        if (connection.hasBegun()) {
            connection.onHandshakeDone();
        } else {
            hand(connection, endpoint, outcome);
        }
    }

    private void hand(Http3ClientConnection connection, Endpoint endpoint, UpstreamTransport.Outcome outcome) {
        if (closed) {
            connection.close();
        }
        if (!connection.begin()) {
            fail(outcome, Kind.CONNECT_FAILED, endpoint, "closed before the first request", null);
            return;
        }
        outcome.onConnected(connection);
    }

    private static void onHandshakeFailed(
            Http3ClientConnection connection, UpstreamTransport.Outcome outcome, Throwable cause) {
        boolean isTls = cause instanceof SSLException;
        boolean isLate = cause instanceof ConnectTimeoutException;
        Kind kind = isTls ? Kind.TLS_FAILED : isLate ? Kind.CONNECT_TIMEOUT : Kind.CONNECT_FAILED;
        String what = "QUIC handshake: " + cause.getMessage();
        if (connection.hasBegun()) {
            connection.onHandshakeFailed(new ProxyException(Kind.UPSTREAM_CLOSED, Delivery.UNKNOWN, what, cause));
        } else {
            fail(outcome, kind, connection.endpoint(), what, cause);
        }
    }

    private static void fail(
            UpstreamTransport.Outcome outcome, Kind kind, Endpoint endpoint, String what, @Nullable Throwable cause) {
        outcome.onFailed(new ProxyException(kind, Delivery.UNPROCESSED, endpoint.address() + ": " + what, cause));
    }

    @Override
    public int expectedCapacity() {
        return settings.value(Http3UpstreamOptions.MAX_STREAMS);
    }

    @Override
    public boolean serves(Endpoint endpoint) {
        return !asksOnlyAdvertised() || alternatives.port(endpoint).isPresent();
    }

    private boolean asksOnlyAdvertised() {
        return settings.value(Http3UpstreamOptions.USE) == Http3Use.ADVERTISED;
    }

    @Override
    public boolean onAltSvc(Endpoint endpoint, String value) {
        boolean isHeeded = asksOnlyAdvertised();
        if (isHeeded) {
            alternatives.learn(endpoint, value);
        }
        return isHeeded;
    }

    @Override
    public Map<String, Long> figures() {
        Map<String, Long> figures = plan.figures().snapshot(Figure.ofEndpoints());
        plan.meters().addTo(figures);
        return figures;
    }

    @Override
    public void close() {
        closed = true;
    }
}
