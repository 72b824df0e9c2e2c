package io.lb4j.internal.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An address of this host that is bound. Clients that connect wait until an {@link Acceptor} takes them; who takes them may change while the
 * address stays bound, so that no client is refused in between. Thread-safe.
 */
public final class BoundAddress {
    private final ListenerSettings settings;
    private final Transports transports;
    private final List<Channel> sockets = new CopyOnWriteArrayList<>();
    private volatile @Nullable Acceptor taker;

    private BoundAddress(ListenerSettings settings, Transports transports) {
        this.settings = settings;
        this.transports = transports;
    }

    /**
     * Binds an address; nobody takes its connections yet.
     *
     * @return completes with a {@link BindException} that names listener, address and cause if the address cannot be had
     * @throws IllegalArgumentException if the settings want a socket on each loop, and the transport is not epoll
     */
    public static CompletionStage<BoundAddress> bind(ListenerSettings settings, Transports transports) {
        if (settings.socketPerLoop() && transports.kind() != TransportKind.EPOLL) {
            throw new IllegalArgumentException("listener " + settings.name() + ": a socket per event loop with "
                    + transports.kind() + " (expected: " + TransportKind.EPOLL + ")");
        }
        BoundAddress address = new BoundAddress(settings, transports);
        return address.bindAll().thenApply(bound -> address);
    }

    /** Returns where it is bound; the port is the one that the system chose if it was left to the system. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) sockets.get(0).localAddress();
    }

    /** Returns whether this is what binding that address would bring, were it free. */
    public boolean isAt(InetSocketAddress wanted) {
        InetAddress host = settings.address().getAddress();
        return host.equals(wanted.getAddress()) && localAddress().getPort() == wanted.getPort();
    }

    /**
     * Closes the sockets; clients that nobody has taken are refused. Idempotent.
     *
     * @return completes when the system has them back
     */
    public CompletionStage<Void> close() {
        return all(sockets.stream().map(socket -> stageOf(socket.close())).toList());
    }

    /** Lets an acceptor take connections from now on, in place of the one that has until now. */
    void handTo(Acceptor next) {
        taker = next;
        sockets.forEach(socket -> socket.config().setAutoRead(true));
    }

    /** Returns who takes connections; null before anybody does. */
    @Nullable Acceptor taker() {
        return taker;
    }

    Transports transports() {
        return transports;
    }

    List<Channel> sockets() {
        return sockets;
    }

    /**
     * An acceptor takes no more. Where another has taken over, the sockets stay.
     *
     * @return completes when it has taken its last connection
     */
    CompletionStage<Void> release(Acceptor former) {
        if (taker == former) {
            return close();
        }
        // What a socket's loop has begun to take before it saw the other acceptor, it has taken once it comes to this.
        return all(sockets.stream()
                .map(socket -> CompletableFuture.runAsync(() -> {}, socket.eventLoop()))
                .toList());
    }

    private CompletionStage<Channel> bindAll() {
        int loops = transports.loops().size();
        if (!settings.socketPerLoop()) {
            return bindOn(transports.nextLoop().index(), settings.address());
        }
        CompletionStage<Channel> bound = bindOn(0, settings.address());
        for (int i = 1; i < loops; i++) {
            int loop = i;
            // Only when the first is bound is it known which port they share.
            bound = bound.thenCompose(first -> bindOn(loop, localAddress()));
        }
        return bound.whenComplete((ignored, failure) -> {
            if (failure != null) {
                close();
            }
        });
    }

    private CompletionStage<Channel> bindOn(int loop, InetSocketAddress address) {
        ServerChannel socket = transports.kind().serverSocket();
        socket.config().setAutoRead(false);
        socket.config().setOption(ChannelOption.SO_REUSEADDR, true);
        socket.config().setOption(ChannelOption.SO_BACKLOG, settings.backlog());
        if (settings.socketPerLoop()) {
            socket.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
        }
        socket.pipeline().addLast(new AcceptHandler(this, loop, settings.socketPerLoop()));
        return stageOf(transports.loops().get(loop).eventLoop().register(socket))
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

    private BindException bindFailure(InetSocketAddress address, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        BindException told = new BindException(
                "listener " + settings.name() + ": cannot listen on " + address + ": " + cause.getMessage());
        told.initCause(cause);
        return told;
    }

    private static CompletionStage<Void> all(List<? extends CompletableFuture<?>> stages) {
        return CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new));
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
