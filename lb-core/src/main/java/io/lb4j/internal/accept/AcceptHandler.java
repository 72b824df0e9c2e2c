package io.lb4j.internal.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections from one listening socket: asks for their admission, sets their options and spreads them over the event loops in
 * turn. Confined to the event loop of the listening socket, its home.
 */
final class AcceptHandler extends ChannelInboundHandlerAdapter {
    private static final Logger logger = LoggerFactory.getLogger(AcceptHandler.class);
    private static final int PAUSE_MILLIS = 1000;
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final Acceptor acceptor;
    private final LoopConnections home;
    private final Supplier<LoopConnections> targets;

    /**
     * Creates the handler of a listening socket.
     *
     * @param targets says which event loop the next connection goes to
     */
    AcceptHandler(Acceptor acceptor, LoopConnections home, Supplier<LoopConnections> targets) {
        this.acceptor = acceptor;
        this.home = home;
        this.targets = targets;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel child = (Channel) message;
        InetSocketAddress remote = (InetSocketAddress) child.remoteAddress();
        if (remote == null) {
            child.unsafe().closeForcibly(); // the client is gone again
            return;
        }
        ConnectionPolicy policy = acceptor.policy();
        // Whom a proxy's connection is counted for is known when its header has come.
        ClientPrefix client =
                policy.isProxy(remote.getAddress()) ? null : Admission.countedClient(remote, policy.limits());
        if (acceptor.admits(client, remote, home.counts())) {
            adopt(child, new AcceptedConnection(acceptor.name(), child, remote, client), policy);
            return;
        }
        child.unsafe().closeForcibly();
    }

    /** Waits a while when the system gives no more descriptors: at once the attempt would fail again, and again, at full speed. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ChannelConfig config = ctx.channel().config();
        if (!config.isAutoRead()) {
            return;
        }
        home.counts().add(LoopCounts.PAUSES, 1);
        logger.warn(
                "listener {}: cannot accept, tries again in {} ms: {}",
                acceptor.name(),
                PAUSE_MILLIS,
                cause.getMessage());
        config.setAutoRead(false);
        ctx.executor().schedule(() -> config.setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void adopt(Channel child, AcceptedConnection connection, ConnectionPolicy policy) {
        LoopConnections target = targets.get();
        ConnectionMeter meter = new ConnectionMeter(target.counts());
        child.config().setOption(ChannelOption.TCP_NODELAY, true);
        child.config().setWriteBufferWaterMark(WATER_MARKS);
        child.config().setRecvByteBufAllocator(meter);
        child.config().setMessageSizeEstimator(meter.estimator());
        child.pipeline().addLast(new Opening(connection, target, policy, acceptor));
        target.loop().eventLoop().register(child).addListener(registration -> {
            if (registration.isSuccess()) {
                target.add(connection);
                child.closeFuture().addListener(closed -> onClosed(connection, target));
                return;
            }
            release(connection.countedAs());
            child.unsafe().closeForcibly();
        });
    }

    private void onClosed(AcceptedConnection connection, LoopConnections target) {
        target.remove(connection);
        release(connection.countedAs());
    }

    private void release(@Nullable ClientPrefix client) {
        acceptor.admission().release(client);
        acceptor.completeIfIdle();
    }
}
