package io.lb4j.server.admin;

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
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administration of a balancer over HTTP, on a listener of its own: nothing that goes through the balancer slows it down, and the reverse. {@code /openapi.json} says
 * what there is. It answers as long as it is open, also while the balancer closes. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {
    /** Octets beyond which a request line is refused. */
    static final int MAX_REQUEST_LINE = 8_192;

    /** Octets beyond which the fields of a request are refused. */
    static final int MAX_HEADER = 16_384;

    private static final Logger LOGGER = LoggerFactory.getLogger(AdminServer.class);
    private static final int MAX_CONNECTIONS = 64;
    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(60), Duration.ofSeconds(30));
    private static final Duration FAREWELL = Duration.ofSeconds(5);
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
    private final Patience patience;
    private final MetricsPages metrics;
    private final RecentTraffic recent = new RecentTraffic();
    private final AdminDesk desk;
    private final AtomicReference<AdminRules> rules;
    private volatile Channel server;

    /**
     * How long those are waited for who do nothing.
     *
     * @param request without a whole request
     * @param listener without taking an event
     */
    record Patience(Duration request, Duration listener) {}

    private AdminServer(Administered administered, AdminOptions options, Patience patience) throws IOException {
        this.patience = patience;
        rules = new AtomicReference<>(AdminRules.of(options));
        metrics = new MetricsPages(administered);
        desk = new AdminDesk(() -> rules.get().gate(), routesOf(administered), patience.listener());
        try {
            server = bind();
        } catch (IOException | RuntimeException e) {
            end();
            throw e;
        }
        keepFigures(administered);
        long millis = RecentTraffic.INTERVAL.toMillis();
        loops.scheduleAtFixedRate(() -> askForFigures(administered), millis, millis, TimeUnit.MILLISECONDS);
        long look = Math.max(1, patience.request().toMillis() / 10);
        loops.scheduleAtFixedRate(this::closeThoseWhoAskForNothing, look, look, TimeUnit.MILLISECONDS);
    }

    private void askForFigures(Administered administered) {
        try {
            desk.execute(() -> {
                keepFigures(administered);
                lookAtCertificate();
            });
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

    /** Whoever renews a certificate tells nobody. */
    private void lookAtCertificate() {
        AdminRules before = rules.get();
        try {
            Optional<AdminRules> exchanged = before.exchanged();
            if (exchanged.isPresent() && rules.compareAndSet(before, exchanged.get())) {
                LOGGER.info("the certificate of the administration has been exchanged");
            }
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.debug("the certificate of the administration is the one before: its files cannot be used", e);
        }
    }

    /**
     * Begins to listen.
     *
     * @throws UncheckedIOException if it cannot
     */
    public static AdminServer start(Administered administered, AdminOptions options) {
        return start(administered, options, PATIENCE);
    }

    /** Begins to listen, with other patience than is usual. */
    static AdminServer start(Administered administered, AdminOptions options, Patience patience) {
        try {
            return new AdminServer(administered, options, patience);
        } catch (IOException e) {
            throw new UncheckedIOException("admin: " + e.getMessage(), e);
        }
    }

    private List<AdminRoute> routesOf(Administered administered) {
        List<AdminRoute> routes = new ArrayList<>();
        routes.addAll(new HealthPages(administered).routes());
        routes.addAll(new StatisticsPages(administered, recent).routes());
        routes.addAll(new FaultPages(administered).routes());
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

    private Channel bind() throws IOException {
        AdminOptions options = options();
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
        if (connections.size() >= MAX_CONNECTIONS && !madeRoom()) {
            channel.close();
            return;
        }
        connections.add(channel);
        rules.get().tls().ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
        channel.pipeline()
                .addLast(new HttpServerCodec(MAX_REQUEST_LINE, MAX_HEADER, CHUNK))
                .addLast(new FlowControlHandler())
                .addLast(new AdminConnection(desk));
    }

    private List<AdminConnection> present() {
        return connections.stream()
                .map(channel -> channel.pipeline().get(AdminConnection.class))
                .toList();
    }

    /** Nobody keeps others out by asking for nothing: who has done so the longest gives way. */
    private boolean madeRoom() {
        Optional<AdminConnection> longest = present().stream()
                .filter(connection -> !connection.isAnswered())
                .max(Comparator.comparing(AdminConnection::waited));
        longest.ifPresent(AdminConnection::close);
        return longest.isPresent();
    }

    private void closeThoseWhoAskForNothing() {
        present().stream()
                .filter(connection ->
                        !connection.isAnswered() && connection.waited().compareTo(patience.request()) > 0)
                .forEach(AdminConnection::close);
    }

    AdminOptions options() {
        return rules.get().options();
    }

    /**
     * Reads other rules for the same place.
     *
     * @return puts them in force; connections that were made by those before get an answer to what they have asked for, and no more
     * @throws UncheckedIOException if a file cannot be used
     */
    Runnable rules(AdminOptions next) {
        try {
            AdminRules read = AdminRules.of(next);
            return () -> {
                rules.set(read);
                dismiss();
            };
        } catch (IOException e) {
            throw new UncheckedIOException("admin: " + e.getMessage(), e);
        }
    }

    private void dismiss() {
        loops.execute(() -> present().forEach(AdminConnection::dismiss));
    }

    /** Listens no more, until it is to again; connections go on. */
    void pause() {
        server.close().awaitUninterruptibly();
    }

    /** Listens again where it did. */
    void resume() {
        try {
            server = bind();
        } catch (IOException e) {
            LOGGER.error("the administration cannot be opened again: {}", e.getMessage());
        }
    }

    /** Listens no more, and closes when what is under way has been answered: a request of its own may be what has it retire. Returns at once. */
    void retire() {
        server.close();
        options().unixSocket().ifPresent(AdminServer::remove);
        dismiss();
        Thread end = new Thread(
                () -> {
                    connections.newCloseFuture().awaitUninterruptibly(FAREWELL.toMillis());
                    end();
                },
                "lb4j-admin-end");
        end.setDaemon(true);
        end.start();
    }

    boolean isOver() {
        return loops.isTerminated();
    }

    /** Returns the port; 0 where it listens on a socket in the file system. */
    public int port() {
        return server.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    /** Returns where it listens. */
    public String address() {
        return options()
                .unixSocket()
                .map(Path::toString)
                .orElseGet(() -> String.valueOf(server.localAddress()).replaceFirst("^[^/]*/(?=[0-9\\[])", ""));
    }

    /** Closes every connection, and returns when nothing of it is left. Idempotent. */
    @Override
    public void close() {
        boolean wasOpen = server.isOpen();
        server.close().awaitUninterruptibly();
        if (wasOpen) { // another may have taken the place since
            options().unixSocket().ifPresent(AdminServer::remove);
        }
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
