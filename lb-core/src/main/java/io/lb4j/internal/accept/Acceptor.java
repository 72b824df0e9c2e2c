package io.lb4j.internal.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener that is bound: it takes connections, within their limits, and hands each to a codec on one of the event loops. It ends in
 * three steps, the latter two of which may be left out: {@link #stopAccepting}, {@link #drain}, {@link #closeAll}. Thread-safe.
 */
public final class Acceptor {
    private static final Logger logger = LoggerFactory.getLogger(Acceptor.class);

    private final ListenerSettings settings;
    private final ServerProtocols protocols;
    private final TransportKind transport;
    private final AcceptCounters counters;
    private final Admission admission = new Admission();
    private final List<LoopConnections> connections;
    private final List<Channel> sockets = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Acceptor> idle = new CompletableFuture<>();
    private volatile ConnectionPolicy policy;
    private volatile boolean stopped;

    private Acceptor(
            ListenerSettings settings, ConnectionPolicy policy, Transports transports, ServerProtocols protocols) {
        this.settings = settings;
        this.policy = policy;
        this.protocols = protocols;
        transport = transports.kind();
        counters = new AcceptCounters(transports.loops().size());
        connections = transports.loops().stream()
                .map(loop -> new LoopConnections(loop, counters.onLoop(loop.index())))
                .toList();
    }

    /**
     * Binds a listener and begins to accept.
     *
     * @return completes with a {@link BindException} that names listener, address and cause if the address cannot be had
     * @throws IllegalArgumentException if the settings want a socket on each loop, and the transport is not epoll
     */
    public static CompletionStage<Acceptor> bind(
            ListenerSettings settings, ConnectionPolicy policy, Transports transports, ServerProtocols protocols) {
        if (settings.socketPerLoop() && transports.kind() != TransportKind.EPOLL) {
            throw new IllegalArgumentException("listener " + settings.name() + ": a socket per event loop with "
                    + transports.kind() + " (expected: " + TransportKind.EPOLL + ")");
        }
        Acceptor acceptor = new Acceptor(settings, policy, transports, protocols);
        return acceptor.listen(transports.nextLoop().index()).thenApply(ignored -> acceptor);
    }

    /** Returns the listener's name. */
    public String name() {
        return settings.name();
    }

    /** Returns where it listens; the port is the one that the system chose if it was left to the system. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) sockets.get(0).localAddress();
    }

    /** Returns what it has counted, and goes on counting. */
    public AcceptCounters counters() {
        return counters;
    }

    /** Changes how connections are taken from now on. Those that are open stay as they are. */
    public void apply(ConnectionPolicy changed) {
        policy = changed;
    }

    /**
     * Closes the listening sockets. Connections stay. Idempotent.
     *
     * @return completes, with this, when the system has them back
     */
    public CompletionStage<Acceptor> stopAccepting() {
        stopped = true;
        CompletableFuture<?>[] closed =
                sockets.stream().map(socket -> stageOf(socket.close())).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(closed).thenApply(ignored -> {
            completeIfIdle();
            return this;
        });
    }

    /**
     * Asks every connection to take no more requests, and to close when those under way have been answered; one whose protocol is not
     * known yet is closed. Call {@link #stopAccepting} first: what is accepted afterwards is drained as well.
     *
     * @return completes, with this, when no connection is left
     */
    public CompletionStage<Acceptor> drain() {
        onEachLoop(LoopConnections::drain);
        return idle.minimalCompletionStage();
    }

    /**
     * Closes every connection at once. Call {@link #stopAccepting} first.
     *
     * @return completes, with this, when no connection is left
     */
    public CompletionStage<Acceptor> closeAll() {
        onEachLoop(LoopConnections::closeAll);
        return idle.minimalCompletionStage();
    }

    ConnectionPolicy policy() {
        return policy;
    }

    ServerProtocols protocols() {
        return protocols;
    }

    List<Channel> sockets() {
        return sockets;
    }

    Admission admission() {
        return admission;
    }

    /** Asks for a connection to be admitted, and counts it where it is refused. */
    boolean admits(@Nullable ClientPrefix client, InetSocketAddress remote, LoopCounts counts) {
        Admission.Verdict verdict = admission.admit(client, policy.limits());
        if (verdict == Admission.Verdict.ADMITTED) {
            return true;
        }
        boolean listenerIsFull = verdict == Admission.Verdict.LISTENER_FULL;
        counts.add(listenerIsFull ? LoopCounts.REFUSED_BY_LISTENER : LoopCounts.REFUSED_BY_CLIENT, 1);
        logger.debug("listener {}: refused a connection from {}: {}", name(), remote, verdict);
        return false;
    }

    /**
     * Asks whether a connection that came by another socket than the listener's own may be taken; it counts as one of the listener's. Called
     * on the event loop of that index.
     *
     * @return is run once when the connection has ended; empty if it may not be taken
     */
    public Optional<Runnable> admit(InetSocketAddress remote, int loop) {
        LoopCounts counts = connections.get(loop).counts();
        ClientPrefix client = Admission.countedClient(remote, policy.limits());
        if (!admits(client, remote, counts)) {
            return Optional.empty();
        }
        counts.add(LoopCounts.ACCEPTED, 1);
        return Optional.of(() -> {
            counts.add(LoopCounts.CLOSED, 1);
            admission.release(client);
            completeIfIdle();
        });
    }

    /** Returns a number for a connection, unique in this process. */
    public static long newConnectionId() {
        return AcceptedConnection.newId();
    }

    void completeIfIdle() {
        if (stopped && admission.open() == 0) {
            idle.complete(this);
        }
    }

    private void onEachLoop(Consumer<LoopConnections> action) {
        connections.forEach(each -> each.loop().eventLoop().execute(() -> action.accept(each)));
    }

    private CompletionStage<Channel> listen(int firstLoop) {
        if (!settings.socketPerLoop()) {
            return listenOn(connections.get(firstLoop), inTurn(), settings.address());
        }
        LoopConnections first = connections.get(0);
        CompletionStage<Channel> bound = listenOn(first, () -> first, settings.address());
        for (LoopConnections home : connections.subList(1, connections.size())) {
            // Only when the first is bound is it known which port they share.
            bound = bound.thenCompose(ignored -> listenOn(home, () -> home, localAddress()));
        }
        return bound.whenComplete((ignored, failure) -> {
            if (failure != null) {
                sockets.forEach(Channel::close);
            }
        });
    }

    private CompletionStage<Channel> listenOn(
            LoopConnections home, Supplier<LoopConnections> targets, InetSocketAddress address) {
        ServerChannel socket = transport.serverSocket();
        socket.config().setOption(ChannelOption.SO_REUSEADDR, true);
        socket.config().setOption(ChannelOption.SO_BACKLOG, settings.backlog());
        if (settings.socketPerLoop()) {
            socket.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
        }
        socket.pipeline().addLast(new AcceptHandler(this, home, targets));
        return stageOf(home.loop().eventLoop().register(socket))
                .thenCompose(registered -> stageOf(registered.bind(address)))
                .handle((bound, failure) -> {
                    if (failure == null) {
                        sockets.add(socket);
                        return CompletableFuture.<Channel>completedFuture(socket);
                    }
                    socket.close();
                    return CompletableFuture.<Channel>failedFuture(bindFailure(address, failure));
                })
                .thenCompose(outcome -> outcome);
    }

    private Supplier<LoopConnections> inTurn() {
        return new Supplier<>() {
            private int next; // confined to the event loop of the listening socket

            @Override
            public LoopConnections get() {
                LoopConnections target = connections.get(next);
                next = next + 1 == connections.size() ? 0 : next + 1;
                return target;
            }
        };
    }

    private BindException bindFailure(InetSocketAddress address, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        BindException told =
                new BindException("listener " + name() + ": cannot listen on " + address + ": " + cause.getMessage());
        told.initCause(cause);
        return told;
    }

    private static CompletableFuture<Channel> stageOf(ChannelFuture future) {
        CompletableFuture<Channel> stage = new CompletableFuture<>();
        future.addListener(done -> {
            if (done.isSuccess()) {
                stage.complete(future.channel());
                return;
            }
            stage.completeExceptionally(done.cause());
        });
        return stage;
    }
}
