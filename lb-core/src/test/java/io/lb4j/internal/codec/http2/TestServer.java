package io.lb4j.internal.codec.http2;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.RequestReceiver;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server on loopback whose connections are {@link Http2ServerConnection}s: with prior knowledge, or over TLS. */
final class TestServer implements AutoCloseable {
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("h2-server", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final LoopContext context = new LoopContext(loop, 0);
    private final Channel channel;
    private volatile @Nullable Http2ServerConnection lastConnection;

    TestServer(RequestReceiver receiver, Http2Limits limits, @Nullable SslContext tls) {
        this(receiver, limits, tls, 0);
    }

    TestServer(RequestReceiver receiver, Http2Limits limits, @Nullable SslContext tls, int port) {
        channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        if (tls != null) {
                            child.pipeline().addLast(tls.newHandler(child.alloc()));
                        }
                        Http2ServerConnection connection =
                                new Http2ServerConnection(context, new Info(child), receiver, limits);
                        lastConnection = connection;
                        child.pipeline().addLast(connection);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    EventLoop loop() {
        return loop;
    }

    /** Returns the connection that was accepted last. */
    Http2ServerConnection lastConnection() {
        Http2ServerConnection connection = lastConnection;
        if (connection == null) {
            throw new IllegalStateException("no connection was accepted yet");
        }
        return connection;
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** What requests tell of their connection in tests. */
    record Info(Channel channel) implements ConnectionInfo {
        @Override
        public long id() {
            return 1;
        }

        @Override
        public String listener() {
            return "test";
        }

        @Override
        public SocketAddress remoteAddress() {
            return channel.remoteAddress();
        }

        @Override
        public SocketAddress localAddress() {
            return channel.localAddress();
        }

        @Override
        public Version version() {
            return Version.HTTP_2;
        }

        @Override
        public Optional<TlsInfo> tls() {
            return Optional.empty();
        }
    }
}
