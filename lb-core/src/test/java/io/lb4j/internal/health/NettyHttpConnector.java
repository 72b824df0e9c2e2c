package io.lb4j.internal.health;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import io.lb4j.spi.ClientStream;
import io.lb4j.spi.ResponseListener;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Connects with Netty's own HTTP/1.1 codec, and counts what is open. */
final class NettyHttpConnector implements Connector {
    private final AtomicInteger open = new AtomicInteger();

    int open() {
        return open.get();
    }

    @Override
    public int expectedCapacity() {
        return 1;
    }

    @Override
    public void connect(Endpoint endpoint, LoopContext loop, ClientConnection.Events events, Outcome outcome) {
        Connection connection = new Connection(events);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.eventLoop())
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpClientCodec(), connection);
                    }
                });
        bootstrap.connect(endpoint.host(), endpoint.port()).addListener(future -> {
            if (future.isSuccess()) {
                outcome.onConnected(connection);
            } else {
                outcome.onFailed(new ProxyException(
                        Kind.CONNECT_FAILED, String.valueOf(future.cause().getMessage())));
            }
        });
    }

    private final class Connection extends ChannelInboundHandlerAdapter implements ClientConnection, ClientStream {
        private final ClientConnection.Events events;
        private Optional<ChannelHandlerContext> context = Optional.empty();
        private Optional<ResponseListener> listener = Optional.empty();

        Connection(ClientConnection.Events events) {
            this.events = events;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = Optional.of(ctx);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            open.incrementAndGet();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            close(); // a reset, of which channelInactive tells
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ResponseListener hearing = listener.orElseThrow();
            if (message instanceof HttpResponse response) {
                hearing.onHead(new ResponseHead().status(response.status().code()), false);
            }
            if (message instanceof HttpContent content) {
                hearing.onData(content.content(), message instanceof LastHttpContent);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            open.decrementAndGet();
            ProxyException closed = new ProxyException(Kind.UPSTREAM_CLOSED, "closed");
            listener.ifPresent(hearing -> hearing.onFailure(closed));
            events.onClosed(this, closed);
        }

        @Override
        public ClientStream open(ResponseListener hearing) {
            listener = Optional.of(hearing);
            return this;
        }

        @Override
        public void writeHead(RequestHead head, boolean end) {
            FullHttpRequest request = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.valueOf(head.method().name()), head.target());
            request.headers().set("host", head.authority());
            head.fields().forEach(request.headers()::add);
            ChannelHandlerContext ctx = context.orElseThrow();
            ctx.writeAndFlush(request).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }

        @Override
        public void close() {
            ChannelHandlerContext ctx = context.orElseThrow();
            ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }

        @Override
        public int capacity() {
            return listener.isPresent() ? 0 : 1;
        }

        @Override
        public int activeStreams() {
            return 1 - capacity();
        }

        @Override
        public boolean isUsable() {
            return false;
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        // Checks use none of the following.

        @Override
        public void drain() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void writeData(ByteBuf data, boolean end) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void writeTrailers(Fields trailers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reset(ResetCode code) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void pauseReading() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void resumeReading() {
            throw new UnsupportedOperationException();
        }
    }
}
