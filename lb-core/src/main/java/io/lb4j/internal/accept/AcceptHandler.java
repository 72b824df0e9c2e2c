package io.lb4j.internal.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections from one listening socket: asks for their admission, sets their options and spreads them over the event loops in
 * turn. Confined to the event loop of the listening socket, its home.
 */
final class AcceptHandler extends ChannelInboundHandlerAdapter {
    private static final Logger logger = LoggerFactory.getLogger(AcceptHandler.class);
    private static final int PAUSE_MILLIS = 1000;
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(24 * 1024, 48 * 1024);

    private final BoundAddress address;
    private final int home;
    private final boolean staysHome;
    private int next;

    /**
     * Creates the handler of a listening socket.
     *
     * @param home the number of the socket's event loop
     * @param staysHome whether connections stay on that loop, rather than go to all loops in turn
     */
    AcceptHandler(BoundAddress address, int home, boolean staysHome) {
        this.address = address;
        this.home = home;
        this.staysHome = staysHome;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel child = (Channel) message;
        InetSocketAddress remote = (InetSocketAddress) child.remoteAddress();
        Acceptor acceptor = address.taker();
        if (remote == null || acceptor == null) {
            child.unsafe().closeForcibly(); // the client is gone again, or nobody is there for it
            return;
        }
        ConnectionPolicy policy = acceptor.policy();
        // Whom a proxy's connection is counted for is known when its header has come.
        ClientPrefix client =
                policy.isProxy(remote.getAddress()) ? null : Admission.countedClient(remote, policy.limits());
        if (acceptor.admits(client, remote, acceptor.onLoop(home).counts())) {
            adopt(acceptor, new AcceptedConnection(acceptor.name(), child, remote, client), policy);
            return;
        }
        child.unsafe().closeForcibly();
    }

    /** Waits a while when the system gives no more descriptors: at once the attempt would fail again, and again, at full speed. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ChannelConfig config = ctx.channel().config();
        Acceptor acceptor = address.taker();
        if (!config.isAutoRead() || acceptor == null) {
            return;
        }
        acceptor.onLoop(home).counts().add(LoopCounts.PAUSES, 1);
        logger.warn(
                "listener {}: cannot accept, tries again in {} ms: {}",
                acceptor.name(),
                PAUSE_MILLIS,
                cause.getMessage());
        config.setAutoRead(false);
        ctx.executor().schedule(() -> config.setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void adopt(Acceptor acceptor, AcceptedConnection connection, ConnectionPolicy policy) {
        Channel child = connection.channel();
        LoopConnections target = acceptor.onLoop(staysHome ? home : inTurn(acceptor));
        ConnectionMeter meter = new ConnectionMeter(target.counts());
        child.config().setOption(ChannelOption.TCP_NODELAY, true);
        child.config().setWriteBufferWaterMark(WATER_MARKS);
        child.config().setRecvByteBufAllocator(meter);
        child.config().setMessageSizeEstimator(meter.estimator());
        child.pipeline().addLast(new Opening(connection, target, policy, acceptor));
        EventLoop loop = target.loop().eventLoop();
        if (loop.inEventLoop()) {
            // Not within the selector's round: it may still tell of a descriptor of this number that was closed in it.
            loop.execute(() -> register(acceptor, connection, target));
        } else {
            register(acceptor, connection, target);
        }
    }

    private static void register(Acceptor acceptor, AcceptedConnection connection, LoopConnections target) {
        Channel child = connection.channel();
        target.loop().eventLoop().register(child).addListener(registration -> {
            if (registration.isSuccess()) {
                target.add(connection);
                child.closeFuture().addListener(closed -> {
                    target.remove(connection);
                    acceptor.release(connection.countedAs());
                });
                return;
            }
            acceptor.release(connection.countedAs());
            child.unsafe().closeForcibly();
        });
    }

    private int inTurn(Acceptor acceptor) {
        int turn = next;
        next = turn + 1 == acceptor.loops() ? 0 : turn + 1;
        return turn;
    }
}
