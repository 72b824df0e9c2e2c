package io.lb4j.benchmarks.protocols;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A connection of HTTP/2 over TLS. */
final class Http2Client implements LoadClient {
    private static final int WINDOW = 16 << 20;

    private final Channel connection;

    private Http2Client(Channel connection) {
        this.connection = connection;
    }

    static Http2Client connect(EventLoopGroup group, int port) throws Exception {
        SslContext tls = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm("")
                .protocols("TLSv1.3")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "h2"))
                .build();
        Channel connection = new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline()
                                .addLast(
                                        tls.newHandler(made.alloc()),
                                        Http2FrameCodecBuilder.forClient()
                                                .initialSettings(Http2Settings.defaultSettings()
                                                        .initialWindowSize(WINDOW))
                                                .build(),
                                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .sync()
                .channel();
        connection.pipeline().get(SslHandler.class).handshakeFuture().sync();
        connection.writeAndFlush(new DefaultHttp2WindowUpdateFrame(WINDOW)).sync();
        return new Http2Client(connection);
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
        new Http2StreamChannelBootstrap(connection)
                .handler(new Answer(path, load))
                .open()
                .addListener(opened -> {
                    if (!opened.isSuccess()) {
                        load.onFailure();
                        return;
                    }
                    Http2StreamChannel stream = (Http2StreamChannel) opened.getNow();
                    stream.writeAndFlush(new DefaultHttp2HeadersFrame(
                            new DefaultHttp2Headers()
                                    .method("GET")
                                    .scheme("https")
                                    .authority("localhost")
                                    .path(path),
                            true));
                });
    }

    /** Reads an answer and throws it away. */
    private final class Answer extends ChannelInboundHandlerAdapter {
        private final String path;
        private final Load load;
        private final long begunNanos = System.nanoTime();
        private long octets;

        Answer(String path, Load load) {
            this.path = path;
            this.load = load;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            boolean isEnd = false;
            if (message instanceof Http2HeadersFrame head) {
                isEnd = head.isEndStream();
            } else if (message instanceof Http2DataFrame data) {
                isEnd = data.isEndStream();
                octets += data.content().readableBytes();
                ctx.write(new DefaultHttp2WindowUpdateFrame(data.initialFlowControlledBytes()).stream(data.stream()));
            }
            ReferenceCountUtil.release(message);
            if (isEnd && load.onAnswer(System.nanoTime() - begunNanos, octets)) {
                askOnce(path, load);
            }
        }
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly();
    }
}
