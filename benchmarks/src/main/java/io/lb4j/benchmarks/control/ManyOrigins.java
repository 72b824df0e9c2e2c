package io.lb4j.benchmarks.control;

import io.lb4j.model.Endpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** As many small servers as endpoints are wanted, each at a loopback address of its own, on one event loop. They answer each request alike. */
final class ManyOrigins implements AutoCloseable {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
    private static final int PER_BLOCK = 250;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Endpoint> endpoints = new ArrayList<>();

    /** Answers what ends as a head does; clients send one request after the other. */
    private static final class Answering extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf read = (ByteBuf) message;
            int end = read.writerIndex();
            boolean isWhole =
                    read.readableBytes() >= 4 && read.getByte(end - 1) == '\n' && read.getByte(end - 3) == '\n';
            read.release();
            if (isWhole) {
                context.writeAndFlush(Unpooled.wrappedBuffer(ANSWER));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // the balancer has gone
        }
    }

    ManyOrigins(int count) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Answering());
                    }
                });
        for (int i = 0; i < count; i++) {
            InetAddress address = address(i);
            Channel bound = bootstrap.bind(address, 0).syncUninterruptibly().channel();
            int port = ((InetSocketAddress) bound.localAddress()).getPort();
            endpoints.add(Endpoint.of(address.getHostAddress(), port));
        }
    }

    private static InetAddress address(int index) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {127, 1, (byte) (index / PER_BLOCK), (byte) (index % PER_BLOCK + 1)});
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four octets are an address", impossible);
        }
    }

    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    @Override
    public void close() {
        group.shutdownGracefully().syncUninterruptibly();
    }
}
