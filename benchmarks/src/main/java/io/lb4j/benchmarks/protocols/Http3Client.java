package io.lb4j.benchmarks.protocols;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A connection of HTTP/3, with a socket of its own. */
final class Http3Client implements LoadClient {
    private static final long WINDOW = 16L << 20;
    private static final int PACKET_OCTETS = 2_048;
    private static final int PACKETS_AT_ONCE = 16;
    private static final QuicSslContext TLS = QuicSslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm("")
            .sessionCacheSize(0)
            .applicationProtocols("h3")
            .build();

    private final Channel socket;
    private final QuicChannel connection;

    private Http3Client(Channel socket, QuicChannel connection) {
        this.socket = socket;
        this.connection = connection;
    }

    static Http3Client connect(EventLoopGroup group, int port) throws Exception {
        Channel socket = new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, PACKET_OCTETS)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(PACKETS_AT_ONCE * PACKET_OCTETS))
                .handler(new QuicClientCodecBuilder()
                        .sslContext(TLS)
                        .maxIdleTimeout(5, TimeUnit.MINUTES)
                        .initialMaxData(WINDOW)
                        .initialMaxStreamDataBidirectionalLocal(WINDOW)
                        .initialMaxStreamDataUnidirectional(65_536)
                        .initialMaxStreamsUnidirectional(16)
                        .build())
                .bind(0)
                .sync()
                .channel();
        QuicChannel connection = QuicChannel.newBootstrap(socket)
                .handler(new Http3ClientConnectionHandler())
                .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .connect()
                .get(60, TimeUnit.SECONDS);
        return new Http3Client(socket, connection);
    }

    @Override
    public void ask(String path, int streams, Load load) {
        connection.eventLoop().execute(() -> {
            for (int i = 0; i < streams; i++) {
                askOnce(path, load);
            }
        });
    }

    private void askOnce(String path, Load load) {
        Http3.newRequestStream(connection, new Answer(path, load)).addListener(opened -> {
            if (!opened.isSuccess()) {
                load.onFailure();
                return;
            }
            QuicStreamChannel stream = (QuicStreamChannel) opened.getNow();
            stream.writeAndFlush(new DefaultHttp3HeadersFrame(new DefaultHttp3Headers()
                            .method("GET")
                            .scheme("https")
                            .authority("localhost")
                            .path(path)))
                    .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        });
    }

    /** Reads an answer and throws it away. */
    private final class Answer extends Http3RequestStreamInboundHandler {
        private final String path;
        private final Load load;
        private final long begunNanos = System.nanoTime();
        private long length;

        Answer(String path, Load load) {
            this.path = path;
            this.load = load;
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            if (!"200".contentEquals(frame.headers().status())) {
                load.onFailure();
            }
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
            ByteBuf octets = frame.content();
            length += octets.readableBytes();
            octets.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {
            if (load.onAnswer(System.nanoTime() - begunNanos, length)) {
                askOnce(path, load);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            super.userEventTriggered(ctx, event);
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                ctx.close();
            }
        }
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly();
        socket.close().awaitUninterruptibly();
    }
}
