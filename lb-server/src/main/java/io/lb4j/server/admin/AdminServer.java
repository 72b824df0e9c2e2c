package io.lb4j.server.admin;

import io.lb4j.config.Settings;
import io.lb4j.server.config.AdminOptions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administration of a balancer over HTTP, on a listener of its own: nothing that goes through the balancer slows it down, and the reverse. {@code /openapi.json} says
 * what there is. It answers as long as it is open, also while the balancer closes. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(AdminServer.class);
    private static final int MAX_CONNECTIONS = 64;
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_REQUEST_LINE = 8_192;
    private static final int MAX_HEADER = 16_384;
    private static final int CHUNK = 8_192;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1,
            task -> {
                Thread thread = new Thread(task, "lb4j-admin");
                thread.setDaemon(true);
                return thread;
            },
            NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(loops.next(), true);
    private final AdminOptions options;
    private final MetricsPages metrics;
    private final RecentTraffic recent = new RecentTraffic();
    private final AdminDesk desk;
    private final Optional<SslContext> tls;
    private final Channel server;

    private AdminServer(Administered administered, AdminOptions options) throws IOException {
        this.options = options;
        tls = tlsOf(options);
        metrics = new MetricsPages(administered);
        desk = new AdminDesk(new Gate(options), routesOf(administered));
        try {
            server = bind();
        } catch (IOException | RuntimeException e) {
            end();
            throw e;
        }
        keepFigures(administered);
        long millis = RecentTraffic.INTERVAL.toMillis();
        loops.scheduleAtFixedRate(() -> askForFigures(administered), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void askForFigures(Administered administered) {
        try {
            desk.execute(() -> keepFigures(administered));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("the administration is busy: figures are kept the next time", e);
        }
    }

    private void keepFigures(Administered administered) {
        try {
            recent.keep(administered.balancer().stats());
        } catch (IllegalStateException e) {
            LOGGER.debug("there are no more figures: the balancer has closed", e);
        }
    }

    /**
     * Begins to listen.
     *
     * @throws UncheckedIOException if it cannot
     */
    public static AdminServer start(Administered administered, AdminOptions options) {
        try {
            return new AdminServer(administered, options);
        } catch (IOException e) {
            throw new UncheckedIOException("admin: " + e.getMessage(), e);
        }
    }

    private List<AdminRoute> routesOf(Administered administered) {
        List<AdminRoute> routes = new ArrayList<>();
        routes.addAll(new HealthPages(administered).routes());
        routes.addAll(new StatisticsPages(administered, recent).routes());
        routes.addAll(new ConfigurationPages(administered).routes());
        routes.addAll(new EndpointPages(administered).routes());
        routes.addAll(new LogPages(administered.logs()).routes());
        routes.addAll(new TapPages(administered).routes());
        routes.addAll(metrics.routes());
        routes.add(
                AdminRoute.get("/openapi.json", "This document.", request -> AdminResponse.json(OpenApi.of(routes))));
        List<AdminRoute> all = new ArrayList<>(routes);
        all.addAll(DashboardPages.routes());
        return all;
    }

    private static Optional<SslContext> tlsOf(AdminOptions options) throws SSLException {
        if (options.tls().isEmpty()) {
            return Optional.empty();
        }
        Settings settings = options.tls().get();
        SslContextBuilder context = SslContextBuilder.forServer(
                        settings.value(AdminOptions.CHAIN).toFile(),
                        settings.value(AdminOptions.KEY).toFile())
                .sslProvider(SslProvider.JDK);
        settings.find(AdminOptions.CLIENT_TRUST)
                .ifPresent(trust -> context.trustManager(trust.toFile()).clientAuth(ClientAuth.REQUIRE));
        return Optional.of(context.build());
    }

    private Channel bind() throws IOException {
        return options.unixSocket().isPresent()
                ? OwnersSocket.at(options.unixSocket().get(), this::bind)
                : bind(new InetSocketAddress(options.host(), options.port()));
    }

    private Channel bind(SocketAddress address) throws IOException {
        Class<? extends ServerChannel> kind = address instanceof UnixDomainSocketAddress
                ? NioServerDomainSocketChannel.class
                : NioServerSocketChannel.class;
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(kind)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot bind " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    private void accept(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        connections.add(channel);
        tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
        channel.pipeline()
                .addLast(new IdleStateHandler(IDLE_SECONDS, 0, 0))
                .addLast(new HttpServerCodec(MAX_REQUEST_LINE, MAX_HEADER, CHUNK))
                .addLast(new AdminConnection(desk));
    }

    /** Returns the port; 0 where it listens on a socket in the file system. */
    public int port() {
        return server.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    /** Returns where it listens. */
    public String address() {
        return options.unixSocket()
                .map(Path::toString)
                .orElseGet(() -> String.valueOf(server.localAddress()).replaceFirst("^[^/]*/(?=[0-9\\[])", ""));
    }

    /** Closes every connection, and returns when nothing of it is left. Idempotent. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        options.unixSocket().ifPresent(AdminServer::remove);
        end();
    }

    private void end() {
        connections.close().awaitUninterruptibly();
        desk.close();
        metrics.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static void remove(Path socket) {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            // A socket that nobody listens on does no harm, and the next start takes its place.
            socket.toFile().deleteOnExit();
        }
    }
}
