package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.ClientConnection;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A client connection on a real socket, with an event loop of its own. */
final class SocketClient implements AutoCloseable, ClientConnection.Events {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Http1ClientConnection connection;
    private volatile boolean isClosed;

    SocketClient(int port, Optional<SslContext> tls) {
        LoopContext loop = new LoopContext(group.next(), 0);
        connection = new Http1ClientConnection(loop, this, Http1Limits.defaults());
        bootstrap(loop, port, tls, connection).syncUninterruptibly();
    }

    /** Connects to loopback with a connection on the channel. */
    static ChannelFuture bootstrap(LoopContext loop, int port, Optional<SslContext> tls, ChannelHandler connection) {
        return new Bootstrap()
                .group(loop.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 << 10, 64 << 10))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
                        channel.pipeline().addLast(connection);
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    Http1ClientConnection connection() {
        return connection;
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Does something on the event loop, and waits for it. */
    void onLoop(Runnable action) {
        group.next().submit(action).syncUninterruptibly();
    }

    @Override
    public void onCapacity(ClientConnection source) {
        // Tests ask the connection.
    }

    @Override
    public void onDraining(ClientConnection source) {
        // Tests ask the connection.
    }

    @Override
    public void onClosed(ClientConnection source, ProxyException reason) {
        isClosed = true;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
