package io.lb4j.internal.accept;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.Version;
import io.lb4j.internal.codec.ServerConnection;
import io.lb4j.internal.loop.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Codecs that send back what they are sent, after a digit for the protocol they stand for, and close when they are sent {@link #END}.
 * Remembers every connection.
 */
final class RecordingProtocols implements ServerProtocols {
    static final byte END = 4;

    private final List<Codec> codecs = new CopyOnWriteArrayList<>();

    List<Codec> codecs() {
        return codecs;
    }

    @Override
    public ServerConnection http1(Channel channel, LoopContext loop, ConnectionInfo connection) {
        return install(channel, loop, connection);
    }

    @Override
    public ServerConnection http2(Channel channel, LoopContext loop, ConnectionInfo connection) {
        return install(channel, loop, connection);
    }

    private ServerConnection install(Channel channel, LoopContext loop, ConnectionInfo connection) {
        Codec codec = new Codec(channel, loop, connection);
        codecs.add(codec);
        channel.pipeline().addLast(codec);
        return codec;
    }

    static final class Codec extends ChannelInboundHandlerAdapter implements ServerConnection {
        final Channel channel;
        final LoopContext loop;
        final ConnectionInfo connection;
        volatile boolean drained;
        volatile @Nullable Thread thread;
        private boolean greeted;

        Codec(Channel channel, LoopContext loop, ConnectionInfo connection) {
            this.channel = channel;
            this.loop = loop;
            this.connection = connection;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            thread = Thread.currentThread();
            if (!ctx.channel().isActive()) {
                throw new IllegalStateException("added to a channel that is not active");
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            throw new IllegalStateException("told that the channel is active after it was");
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!greeted) {
                greeted = true;
                String digit = connection.version() == Version.HTTP_2 ? "2" : "1";
                ctx.write(ctx.alloc().buffer(1).writeByte(digit.charAt(0)));
            }
            ByteBuf data = (ByteBuf) message;
            boolean isLast = data.indexOf(data.readerIndex(), data.writerIndex(), END) >= 0;
            ctx.write(data);
            if (isLast) {
                ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // the client has aborted, as it should
        }

        @Override
        public void drain() {
            drained = true;
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
