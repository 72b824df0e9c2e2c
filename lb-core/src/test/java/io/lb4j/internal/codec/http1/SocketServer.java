package io.lb4j.internal.codec.http1;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.RequestReceiver;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A listener on loopback whose connections are server connections; one event loop. */
final class SocketServer implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CopyOnWriteArrayList<Http1ServerConnection> connections = new CopyOnWriteArrayList<>();
    private final LoopContext loop = new LoopContext(group.next(), 0);
    private final Channel listener;

    SocketServer(Http1Limits limits, RequestReceiver receiver) {
        this(limits, Optional.empty(), loop -> receiver);
    }

    SocketServer(Http1Limits limits, Optional<SslContext> tls, Function<LoopContext, RequestReceiver> receivers) {
        RequestReceiver receiver = receivers.apply(loop);
        listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(32 << 10, 64 << 10))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
                        Http1ServerConnection connection =
                                new Http1ServerConnection(loop, new TestConnection(), receiver, limits);
                        connections.add(connection);
                        channel.pipeline().addLast(connection);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    EventLoop eventLoop() {
        return loop.eventLoop();
    }

    /** Does something on the event loop, and waits for it. */
    void onLoop(Runnable action) {
        eventLoop().submit(action).syncUninterruptibly();
    }

    Http1ServerConnection connection(int index) {
        return connections.get(index);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
